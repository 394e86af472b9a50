"""``python -m bench.figures --database URL [...]``: the figures of a year over millions of ten ones, kept counts beside raw rows.

Each database was filled by ``make_load``. Prints the median of the one query behind a page, for the city and for one
board, from the kept counts and from the records themselves, and how long counting everything anew takes.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from statistics import median
from time import perf_counter

from bench.databases import each_apart


def main() -> None:
    """Measure each database in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", action="append", required=True)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    if not each_apart("bench.figures", options.database, "--rounds", str(options.rounds)):
        _run(options.rounds)


def _run(rounds: int) -> None:
    import django  # noqa: PLC0415 - settings are read on import, so the environment comes first

    django.setup()
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from actions.models import ProgrammeSettings, TenOne  # noqa: PLC0415
    from actions.progress.figures import Asked, read  # noqa: PLC0415
    from actions.progress.frame import Frame  # noqa: PLC0415
    from actions.progress.indicator import of_campaign  # noqa: PLC0415
    from actions.summaries import upkeep  # noqa: PLC0415
    from mofu.accounts.models import Organization  # noqa: PLC0415
    from mofu.accounts.scope import SYSTEM  # noqa: PLC0415

    today = timezone.localdate()
    root = Organization.everything.get(parent=None)
    enterprise = Organization.everything.filter(kind="enterprise").first()
    print(f"{connection.vendor}: {TenOne.everything.count()} ten ones")
    for unit in (root, Organization.everything.boards().first(), enterprise):
        frame = Frame(SYSTEM, today.year, today, unit, ProgrammeSettings())
        parts = {"items": "item_", "people": "participants", "complete": "complete", "leading": "lead_"}
        for name, start in parts.items():
            chosen = [one for one in of_campaign("double-strive") if one.code.split(".")[1].startswith(start)]
            asked = [Asked(one, frame.within()) for one in chosen]
            bare = [Asked(replace(one, tally=None), frame.within()) for one in chosen]
            kept = _median(rounds, partial(read, asked, depth=frame.depth))
            raw = _median(3, partial(read, bare, depth=frame.depth))
            print(f"  {unit.name:<16} {name:<9} kept {kept:8.1f} ms   records {raw:8.1f} ms")
    begun = perf_counter()
    wrong = sum(upkeep.differences().values())
    print(f"  check of all counts {perf_counter() - begun:.1f} s, {wrong} differ")


def _median(rounds: int, work: Callable[[], object]) -> float:
    times = []
    for _ in range(rounds):
        begun = perf_counter()
        work()
        times.append((perf_counter() - begun) * 1000)
    return median(times)


if __name__ == "__main__":
    main()

"""``python -m bench.lists --database URL [--database URL]``: lists, search and dashboards beside the Django admin.

Each database was filled by ``make_load`` (``docs/performance.md``). The pages are fetched from a real gunicorn with two
workers, ours and the admin's in turn within one run, so that the ratio holds on a noisy machine.
"""

from __future__ import annotations

import argparse
import os

from bench.databases import each_apart
from bench.measure import Page, Visitors, requests_a_second, time_in_turn
from bench.server import serving

NAME = "建国"  # two characters: no trigram index helps
LIST, ADMIN = Page("laureates", "/laureates/"), Page("laureates, admin", "/admin/models_app/laureate/")
FAR, ADMIN_FAR = (
    Page("laureates, page 1000", "/laureates/?page=1000"),
    Page("laureates, page 1000, admin", "/admin/models_app/laureate/?p=1000"),
)
FOUND = Page(f"laureates, search {NAME}", f"/laureates/?q={NAME}")
ADMIN_FOUND = Page(f"laureates, search {NAME}, admin", f"/admin/models_app/laureate/?q={NAME}")
PAIRS = ((LIST, ADMIN), (FAR, ADMIN_FAR), (FOUND, ADMIN_FOUND))
LISTS = [page for pair in PAIRS for page in pair]
OTHERS = [
    Page("workers", "/workers/"), Page("honours", "/honours/"), Page("organizations", "/organizations/"),
    Page("ten-ones", "/ten-ones/"), Page("ten-ones of 2026", "/ten-ones/?year=2026"),
    Page("ten-ones, page 1000", "/ten-ones/?page=1000"), Page(f"ten-ones, search {NAME}", f"/ten-ones/?q={NAME}"),
]  # fmt: skip
BOARDS = [
    Page("desk", "/"), Page("actions", "/actions/"), Page("six-ins", "/actions/six-ins/"),
    Page("assist-enterprise", "/actions/assist-enterprise/"), Page("mentoring", "/actions/mentoring/"),
    Page("craftsmen", "/actions/craftsmen/"), Page("double-strive", "/actions/double-strive/"),
    Page("tasks", "/tasks/"), Page("people", "/people/"), Page("wall", "/screen/"),
]  # fmt: skip
WORKERS, CLIENTS = 2, 8


def main() -> None:
    """Measure each database in a process of its own."""
    options = _options()
    if not each_apart("bench.lists", options.database, "--rounds", str(options.rounds)):
        _run(options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Lists, search and dashboards beside the Django admin.")
    parser.add_argument(
        "--database", action="append", default=[], help="DATABASE_URL of a database made by make_load"
    )
    parser.add_argument("--rounds", type=int, default=60, help="fetches of each page at one client")
    parser.add_argument(
        "--lists-only", action="store_true", help="leave out dashboards, other lists and plans"
    )
    parser.add_argument("--seconds", type=float, default=8, help="length of each throughput run")
    parser.add_argument(
        "--budget", type=float, default=20, help="seconds after which a slow page is fetched no more"
    )
    return parser.parse_args()


def _run(options: argparse.Namespace) -> None:
    import django  # noqa: PLC0415 - settings are read on import, so the environment comes first

    django.setup()
    from bench import report, visitor  # noqa: PLC0415 - they import models

    others = [] if options.lists_only else OTHERS
    boards = [] if options.lists_only else BOARDS
    city, admin = visitor.signed_in(visitor.CITY), visitor.signed_in(visitor.ADMIN)
    with serving(dict(os.environ), WORKERS) as port:
        visitors = Visitors(port, visitor.cookie_of(city), visitor.cookie_of(admin))
        time_in_turn(LISTS, visitors, options.rounds, options.budget)
        time_in_turn([*others, *boards], visitors, max(5, options.rounds // 3), options.budget)
        rates = [
            requests_a_second(page, visitors, clients=CLIENTS, seconds=options.seconds)
            for page in (LIST, ADMIN)
        ]
    report.figures(LISTS, others, boards)
    report.verdicts(LISTS, boards, rates)
    if not options.lists_only:
        report.plans(city, [*LISTS, *others, *boards])


if __name__ == "__main__":
    main()

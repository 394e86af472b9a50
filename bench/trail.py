"""``python -m bench.trail [--rows 100000] [--searched 1000000] [--database URL]``: closing, verifying, searching the trail.

Works on a database of its own: SQLite in a temporary folder, or the empty one given. Verifies a trail of ``--rows``
entries, changes one byte of one of them past the triggers, verifies again; then searches and pages through a
trail of ``--searched``.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from typing import Any

BLOCK = 5000
PEOPLE, RECORDS = 50, 20_000


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--searched", type=int, default=1_000_000)
    parser.add_argument("--database", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = options.database or f"sqlite:///{folder}/trail.sqlite3"
        os.environ |= {"MOFU_ENV": "dev", "DJANGO_SETTINGS_MODULE": "mofu.settings"}
        import django  # noqa: PLC0415 - settings are read on import, so the environment comes first

        django.setup()
        _run(options)


def _run(options: argparse.Namespace) -> None:
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from mofu.accounts import trail_blocks, trail_verifying  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    print(f"{connection.vendor}, load {os.getloadavg()[0]:.1f}")
    _timed(f"write {options.rows} entries", lambda: _fill(options.rows))
    _timed("close them", lambda: trail_blocks.close_open(5))
    found = _timed("verify", trail_verifying.verify)
    print(f"  {found.entries} entries in {found.blocks} blocks, {found.open} open")
    _timed("write more", lambda: _fill(options.searched - options.rows))
    _search()
    _tamper()


def _timed(words: str, work: Callable[[], Any]) -> Any:
    begun = time.perf_counter()
    result = work()
    print(f"{words}: {time.perf_counter() - begun:.2f} s")
    return result


def _fill(count: int) -> None:
    """Write entries as bulk changes of many people over three years do."""
    from datetime import timedelta  # noqa: PLC0415

    from models_app.models import Laureate  # noqa: PLC0415
    from mofu.accounts import trail  # noqa: PLC0415
    from mofu.accounts.context import Acting, acting  # noqa: PLC0415
    from mofu.accounts.models import Organization, Role, User  # noqa: PLC0415

    city = Organization.everything.get(parent=None)
    users = [
        User.objects.get_or_create(
            username=f"t{n}", defaults={"role": Role.CITY, "organization": city, "name": f"人员{n}"}
        )[0]
        for n in range(PEOPLE)
    ]
    kinds = list(trail.CHANGES)
    now, begun = trail.timezone.now, trail.last_entry()
    for start in range(0, count, BLOCK):
        number = (begun + start) // BLOCK
        moment = now() - timedelta(days=1000) + timedelta(hours=number)
        trail.timezone.now = lambda moment=moment: moment
        who = Acting(users[number % PEOPLE], f"10.0.{number % 250}.1", f"{number:032x}")
        texts = '{"position": ["工人", "班长"], "skill_level": ["高级工", "技师"]}'
        with acting(who):
            rows = [
                Laureate(pk=(begun + start + n) % RECORDS + 1, name=f"人{(begun + start + n) % RECORDS}")
                for n in range(BLOCK)
            ]
            trail._write(((kinds[number % len(kinds)], row, texts) for row in rows), "统一核定")
    trail.timezone.now = now


def _search() -> None:
    from bench.visitor import signed_in  # noqa: PLC0415
    from mofu.accounts.models import Role, TrailEntry  # noqa: PLC0415

    client = signed_in(str(Role.AUDITOR))
    count = TrailEntry.objects.count()
    middle = TrailEntry.objects.order_by("pk").values_list("pk", flat=True)[count // 2]
    entry = TrailEntry.objects.get(pk=middle)
    day = f"{entry.at:%Y-%m-%d}"
    for words, query in {
        "newest": {}, "far back": {"before": middle}, "person": {"actor": "t7"}, "action": {"action": "merged"},
        "record": {"model": entry.model, "object_id": entry.object_id}, "name": {"name": entry.object_label},
        "one day": {"since": day, "until": day}, "person on one day": {"actor": "t7", "since": day, "until": day},
        "address": {"ip": entry.ip}, "request": {"request_id": entry.request_id},
        "nobody": {"actor": "没有此人", "action": "deleted"},
    }.items():  # fmt: skip
        times = []
        for _ in range(5):
            begun = time.perf_counter()
            answer = client.get("/trail/", query)
            times.append((time.perf_counter() - begun) * 1000)
            if answer.status_code != 200:
                raise SystemExit(f"{words}: {answer.status_code}")
        print(
            f"  /trail/ of {count}, {words}: median {sorted(times)[2]:.0f} ms, {answer.content.count(b'<th scope="row">')} shown"
        )
    begun = time.perf_counter()
    size = sum(map(len, client.post("/trail/export/", {"actor": "t7", "format": "csv"}).streaming_content))
    print(f"  export of one person's as csv: {time.perf_counter() - begun:.1f} s, {size / 2**20:.1f} MiB")


def _tamper() -> None:
    """Change one byte as whoever has the database's password could, and look whether it is noticed."""
    from django.db import connection  # noqa: PLC0415

    from mofu.accounts import trail_guard, trail_verifying  # noqa: PLC0415
    from mofu.accounts.models import TrailEntry  # noqa: PLC0415

    victim = TrailEntry.objects.order_by("pk")[777]
    on = f" on {trail_guard.ENTRIES}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"drop trigger trail_unaltered{on}")
    TrailEntry.objects.filter(pk=victim.pk).update(changes_json=victim.changes_json.replace("班", "斑"))
    trail_guard.install()
    try:
        _timed("verify after one changed character", trail_verifying.verify)
    except trail_verifying.DamagedError as found:
        print(f"  found: {found}")
        return
    raise SystemExit("FAILED: not noticed")


if __name__ == "__main__":
    main()

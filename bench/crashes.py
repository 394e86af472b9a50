"""``python -m bench.crashes [--times 20]``: kill -9 a report job and a merge at random points; see also ``bench.kills``.

Works on demo data in a database of its own (SQLite in a temporary folder, or an empty one given as DATABASE_URL). After each kill
every table must be as before or as after, never between; a report job must be found interrupted and run to its end.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter

_MERGE = """
import django; django.setup()
from bench import crashes
crashes.merge_once()
"""
_ROWS = 1500  # activity records of the person who goes


def main() -> None:
    """Prepare, then kill both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/crashes.sqlite3")
        os.environ |= {
            "MOFU_ENV": "dev",
            "DJANGO_SETTINGS_MODULE": "mofu.settings",
            "CACHE_URL": f"filecache://{folder}/cache",
            "MEDIA_ROOT": f"{folder}/media",
        }
        import django  # noqa: PLC0415 - settings are read on import, so the environment comes first

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        call_command("load_reference", verbosity=0)
        call_command("load_demo", verbosity=0)
        chance = random.Random(options.seed)
        _reports(options.times, chance)
        _merges(options.times, chance)


def _reports(times: int, chance: random.Random) -> None:
    from mofu.registers import jobs  # noqa: PLC0415
    from mofu.registers.models import JobResult, JobState  # noqa: PLC0415

    worker = [sys.executable, "manage.py", "db_worker", "--batch", "--no-startup-delay"]
    job, before = _report_job(), None
    longest, kills, ends = 12.0, 0, Counter()
    while kills < times:
        before = before or _rows(leave_out={"registers_jobresult"})
        killed = _killed(worker, chance.uniform(0.5, longest))
        job.refresh_from_db()
        if job.state == JobState.RUNNING:
            jobs.interrupt(job)
        ends[job.get_state_display()] += 1
        kills += killed
        _require(
            _rows(leave_out={"registers_jobresult"}) == before or job.state == JobState.DONE,
            "report: half written",
        )
        if job.state == JobState.DONE:
            longest, job, before = max(2.0, longest * 0.8), _report_job(), None
        elif job.state == JobState.INTERRUPTED:
            jobs.again(job)
            before = None
    subprocess.run(worker, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    job.refresh_from_db()
    _require(
        job.state == JobState.DONE and jobs.result_of(job).startswith(b"%PDF"),
        "report: did not run to its end",
    )
    _require(
        JobResult.objects.exclude(job__state=JobState.DONE).count() == 0, "report: a result without its job"
    )
    print(f"report job: {kills} kills ({dict(ends)}), nothing half written, then run to its end")


def _report_job() -> object:
    from django.http import QueryDict  # noqa: PLC0415

    from actions.reports import making  # noqa: PLC0415
    from actions.reports.kinds import KINDS  # noqa: PLC0415
    from actions.reports.orders import read_order  # noqa: PLC0415
    from models_app.models import Laureate  # noqa: PLC0415
    from mofu.accounts.models import User  # noqa: PLC0415

    pks = Laureate.everything.values_list("pk", flat=True)[:120]
    query = QueryDict("&".join(f"pk={pk}" for pk in pks))
    return making.start(read_order(KINDS["registration"], query, User.objects.get(username="city")), "pdf")


def _merges(times: int, chance: random.Random) -> None:
    from mofu.accounts.models import User  # noqa: PLC0415
    from mofu.registers import unmerging  # noqa: PLC0415
    from mofu.registers.models import Merge  # noqa: PLC0415

    _make_pair()
    city, command = User.objects.get(username="city"), [sys.executable, "-c", _MERGE]
    kept = {"accounts_trailentry", "registers_merge"}  # an undone merge stays on record
    before, longest, kills, done = _rows(leave_out=kept), 6.0, 0, 0
    while kills < times:
        kills += _killed(command, chance.uniform(0.8, longest))
        whole = Merge.objects.filter(undone_at=None).first()
        if whole is None:
            _require(_rows(leave_out=kept) == before, "merge: half done")
            longest = min(40.0, longest * 1.2)
            continue
        done, longest = done + 1, max(1.5, longest * 0.9)
        unmerging.undo(whole, city)
        _require(_rows(leave_out=kept) == before, "merge: not as before after the undo")
    print(f"merge: {kills} kills, nothing half done ({done} were whole and taken back)")


def _make_pair() -> None:
    """Two laureates that may be one, the second with many records."""
    from models_app.models import ActivityRecord, Laureate  # noqa: PLC0415

    winner, loser = Laureate.everything.order_by("pk")[:2]
    loser.id_number = ""  # two numbers would be two people
    loser.save()
    record = ActivityRecord.everything.filter(laureate=loser).first() or ActivityRecord.everything.first()
    for number in range(_ROWS):
        record.pk, record.laureate, record._state.adding = None, loser, True
        record.title = f"活动{number}"
        record.save()
    print(f"{winner} and {loser} with {_ROWS} records")


def merge_once() -> None:
    """Merge the pair; what the killed process does."""
    from django.db import transaction  # noqa: PLC0415

    from models_app.models import Laureate  # noqa: PLC0415
    from mofu.accounts.models import User  # noqa: PLC0415
    from mofu.registers import merging  # noqa: PLC0415

    city = User.objects.get(username="city")
    with transaction.atomic():
        winner, loser = Laureate.everything.select_for_update().order_by("pk")[:2]
        merging.merge(winner=winner, loser=loser, taken=(), reason="同一人", user=city)


def _killed(command: list[str], seconds: float) -> bool:
    """Start a process and kill it; return whether it was still at work."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    working = process.poll() is None
    process.send_signal(signal.SIGKILL)
    _require(working or process.wait() == 0, "the process ended by itself, with an error")
    process.wait()
    return working


def _rows(leave_out: set[str]) -> dict[str, int]:
    """Return the rows of every table, after the database was found sound; the jobs' own tables are left out."""
    from django.db import connection  # noqa: PLC0415

    connection.close()
    aside = leave_out | {"django_tasks_db_dbtaskresult", "registers_job", "accounts_trailentry"}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check")
            _require(cursor.fetchone() == ("ok",), "integrity_check")

        def count(table: str) -> int:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            return cursor.fetchone()[0]

        return {
            name: count(name) for name in connection.introspection.table_names(cursor) if name not in aside
        }


def _require(well: bool, words: str) -> None:
    if not well:
        raise SystemExit(f"FAILED: {words}")


if __name__ == "__main__":
    main()

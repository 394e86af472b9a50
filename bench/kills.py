"""``python -m bench.kills [--rows 5000] [--times 20]``: kill -9 the worker at random points of an import's commit.

Works on a database of its own (SQLite in a temporary folder, or an empty one given as DATABASE_URL): uploads a roster, lets
``manage.py db_worker`` import it in a process of its own and kills that at a random moment, again and again. After
each kill the records must be as before, the database sound, the job interrupted and ready to run again; at the end the
job runs to its end and everything is there once.
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
from pathlib import Path


def main() -> None:
    """Prepare, kill, look, and at last let it finish."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/kills.sqlite3")
        os.environ |= {
            "MOFU_ENV": "dev",
            "DJANGO_SETTINGS_MODULE": "mofu.settings",
            "CACHE_URL": f"filecache://{folder}/cache",
        }
        import django  # noqa: PLC0415 - settings are read on import, so the environment comes first

        django.setup()
        _run(options, Path(folder))


def _run(options: argparse.Namespace, folder: Path) -> None:
    from django.core.management import call_command  # noqa: PLC0415

    from bench import rosters  # noqa: PLC0415
    from mofu.accounts.models import Organization, Role, User  # noqa: PLC0415
    from mofu.registers.sheets import batches  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("load_reference")
    city = Organization.everything.get(parent=None)
    user = User.objects.create(username="bench-kills", name="测试", role=Role.CITY, organization=city)
    rosters.write(folder / "roster.xlsx", "花名册", rosters.HEADS, rosters.roster(options.rows))
    content = (folder / "roster.xlsx").read_bytes()
    batch = _uploaded(user, content)
    batches.commit(batch, submit=False)
    before, longest, number = _state(), 2.0 + options.rows / 800, 0
    chance = random.Random(options.seed)
    while number < options.times:
        moment = chance.uniform(0.3, longest)
        killed = _kill_after(moment)
        batch.refresh_from_db()
        if batch.state != "done":
            number += 1
            _require_untouched(before, number, moment)
        else:  # it was faster than that
            longest = moment if not killed else longest
            print(f"killed {killed} after {moment:.2f} s: all written; taken back")
            batches.AT_ONCE = 10**9
            batches.undo(batch)
            batches.AT_ONCE = 0
            batch = _uploaded(user, content)
            before = _state()
        _start_again(batch)
    print(f"{number} kills within {longest:.1f} s: nothing half written, integrity ok")
    subprocess.run([sys.executable, "manage.py", "db_worker", "--batch", "--no-startup-delay"], check=True)
    batch.refresh_from_db()
    from models_app.models import Laureate  # noqa: PLC0415

    count = Laureate.everything.count()
    print(f"then run to its end: {batch.get_state_display()}, {count} laureates of {options.rows}")
    if count != options.rows or batch.state != "done":
        raise SystemExit("FAILED")


def _state() -> tuple[int, ...]:
    """Return how many rows the tables have that an import writes to."""
    from models_app.models import Honour, Laureate  # noqa: PLC0415
    from mofu.accounts.models import Organization, TrailEntry  # noqa: PLC0415
    from mofu.registers.models import ImportFile  # noqa: PLC0415

    models = (
        Laureate.everything,
        Honour.everything,
        Organization.everything,
        TrailEntry.objects,
        ImportFile.objects,
    )
    return tuple(manager.count() for manager in models)


def _uploaded(user: object, content: bytes) -> object:
    """Upload and check a roster; return the import, waiting to be confirmed."""
    from mofu.registers.register import REGISTERS  # noqa: PLC0415
    from mofu.registers.sheets import batches  # noqa: PLC0415

    batches.AT_ONCE = 10**9  # the check is not what is killed here
    batch = batches.open_batch(REGISTERS["laureates"], user, "roster.xlsx", content)
    batches.AT_ONCE = 0
    return batch


def _kill_after(seconds: float) -> bool:
    """Start a worker and kill it; return whether it was still at work."""
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "db_worker", "--batch", "--no-startup-delay"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(seconds)
    working = worker.poll() is None
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    return working


def _require_untouched(before: tuple[int, ...], number: int, moment: float) -> None:
    from django.db import connection  # noqa: PLC0415

    connection.close()
    if _state() != before:
        raise SystemExit(f"kill {number} after {moment:.1f} s: FAILED, {before} became {_state()}")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            if cursor.fetchone() != ("ok",):
                raise SystemExit("FAILED: integrity_check")
    print(f"kill {number} after {moment:.2f} s: as before")


def _start_again(batch: object) -> None:
    """Let the import be found interrupted and start it again, as its user would."""
    from mofu.registers import jobs  # noqa: PLC0415
    from mofu.registers.models import ImportState, JobState  # noqa: PLC0415
    from mofu.registers.sheets import batches  # noqa: PLC0415

    batch.refresh_from_db()
    if batch.job.state == JobState.WAITING:
        return  # killed before the job began; its task still waits
    if batch.job.state == JobState.RUNNING:
        jobs.interrupt(batch.job)
    if batches.settled(batch).state == ImportState.PREVIEW:
        batches.commit(batch, submit=False)


if __name__ == "__main__":
    main()

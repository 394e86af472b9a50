"""``python -m bench.imports [--rows 100000] [--database URL]``: a roster in, ours beside django-import-export.

Each measurement runs in a process of its own on a fresh SQLite file (or the empty database given): reading and checking,
then committing, with peak memory. The peer is asked for less: it reads the same workbook with openpyxl, validates with
``full_clean()``, saves in bulk, and leaves no trail. It is no dependency of this project; where it is not installed
(``uv pip install django-import-export tablib``) only our own figures are printed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

OURS, PEER = "ours", "django-import-export"
PEER_COLUMNS = {
    "姓名": "name", "身份证号": "id_number", "民族": "ethnicity", "籍贯": "native_place", "职务岗位": "position", "职称": "title",
    "联系电话": "phone", "专业特长": "specialties", "主要事迹": "deeds", "备注": "note",
}  # fmt: skip


def main() -> None:
    """Measure each way in a process of its own, or one of them when asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument(
        "--database", default="", help="PostgreSQL to use instead of fresh SQLite files; what is in it goes"
    )
    parser.add_argument(
        "--peer-rows", type=int, default=0, help="fewer rows for the peer, which takes minutes"
    )
    parser.add_argument("--way", default="", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        _measure(options.way, options.file)
        return
    print(f"| {options.rows} rows x 20 columns | seconds | processor | peak MiB |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for way, rows in ((OURS, options.rows), (PEER, options.peer_rows or options.rows)):
            _run(way, rows, Path(folder), options.database)


_EMPTY = (
    "import django; django.setup(); from django.db import connection; "
    "connection.cursor().execute('DROP SCHEMA public CASCADE; CREATE SCHEMA public')"
)


def _run(way: str, rows: int, folder: Path, database: str) -> None:
    file = folder / f"{rows}.xlsx"
    environment = os.environ | {
        "MOFU_ENV": "dev",
        "DJANGO_SETTINGS_MODULE": "mofu.settings",
        "DATABASE_URL": database or f"sqlite:///{folder}/{way}.sqlite3",
    }
    _prepare(environment, file, rows)
    command = [sys.executable, "-m", "bench.imports", "--way", way, "--file", str(file)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"| {way}: {done.stderr.strip().splitlines()[-1]} | | | |")
        return
    for name, seconds, processor, memory in json.loads(done.stdout.splitlines()[-1]):
        print(f"| {way}: {name} ({rows} rows) | {seconds:.1f} | {processor:.1f} | {memory} |")


def _prepare(environment: dict[str, str], file: Path, rows: int) -> None:
    if environment["DATABASE_URL"].startswith("postgres"):  # the trail refuses to be flushed
        subprocess.run([sys.executable, "-c", _EMPTY], env=environment, check=True)
    for arguments in (["migrate", "--verbosity", "0"], ["load_reference"]):
        subprocess.run(
            [sys.executable, "manage.py", *arguments], env=environment, check=True, stdout=subprocess.DEVNULL
        )
    if not file.exists():
        code = (
            "import django; django.setup(); from pathlib import Path; from bench.rosters import *; "
            f"write(Path({str(file)!r}), '劳模花名册', HEADS, roster({rows}))"
        )
        subprocess.run([sys.executable, "-c", code], env=environment, check=True)


def _measure(way: str, file: Path) -> None:
    import django  # noqa: PLC0415 - settings are read on import, so the environment comes first

    django.setup()
    found = _ours(file) if way == OURS else _peer(file)
    print(json.dumps(found))


def _clock() -> tuple[float, float]:
    """Return the seconds gone by and those of them that this process was given."""
    return time.perf_counter(), time.process_time()


def _since(started: tuple[float, float]) -> tuple[float, float, int]:
    """Return the seconds since then, the processor's among them, and the peak memory so far in MiB."""
    passed, used = (now - then for now, then in zip(_clock(), started, strict=True))
    return passed, used, _memory()


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _ours(file: Path) -> list[Any]:
    from mofu.accounts.models import Organization, Role, User  # noqa: PLC0415
    from mofu.registers.register import REGISTERS  # noqa: PLC0415
    from mofu.registers.sheets import committing  # noqa: PLC0415
    from mofu.registers.sheets.reading import read  # noqa: PLC0415

    city = Organization.everything.get(parent=None)
    user = User.objects.create(username="bench", name="测速", role=Role.CITY, organization=city)
    register, found = REGISTERS["laureates"], []
    started = _clock()
    sheets = read(file.name, file.read_bytes())
    found.append(("read", *_since(started)))
    started = _clock()
    outcome = committing.preview(register, user, sheets)
    found.append((f"dry run, {outcome.counts['new']} new", *_since(started)))
    del outcome
    started = _clock()
    outcome = committing.commit(register, user, sheets)
    found.append((f"check and commit with trail, {outcome.counts['new']} new", *_since(started)))
    return found


def _peer(file: Path) -> list[Any]:
    import tablib  # noqa: PLC0415 - no dependency of this project
    from import_export import resources  # noqa: PLC0415
    from openpyxl import load_workbook  # noqa: PLC0415

    from models_app.models import Laureate  # noqa: PLC0415
    from mofu.accounts.models import Organization  # noqa: PLC0415

    city = Organization.everything.get(parent=None)

    class LaureateResource(resources.ModelResource):
        class Meta:
            model = Laureate
            fields = tuple(PEER_COLUMNS.values())
            import_id_fields = ("name",)
            force_init_instance = True
            use_bulk, batch_size = True, 1000
            clean_model_instances = True
            skip_diff = True
            use_transactions = True

        def init_instance(self, row: Any = None) -> Laureate:
            return Laureate(org_id=city.pk, category="model")

        def before_save_instance(self, instance: Laureate, *_: Any, **__: Any) -> None:
            instance.derive()

        def get_queryset(self) -> Any:
            return Laureate.everything.all()

    started = _clock()
    rows = load_workbook(file, read_only=True).active.iter_rows(values_only=True)
    next(rows)
    heads = next(rows)
    chosen = [(place, PEER_COLUMNS[head]) for place, head in enumerate(heads) if head in PEER_COLUMNS]
    data = tablib.Dataset(headers=[name for _, name in chosen])
    for row in rows:
        data.append([row[place] for place, _ in chosen])
    found = [("read", *_since(started))]
    started = _clock()
    result = LaureateResource().import_data(data, raise_errors=True)
    words = f"{Laureate.everything.count()} saved, {len(result.invalid_rows)} invalid"
    return [*found, (f"validate and save, no trail, {words}", *_since(started))]


if __name__ == "__main__":
    main()

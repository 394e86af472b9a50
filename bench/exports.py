"""``python -m bench.exports --database URL``: 20 columns of all laureates as .xlsx, ours beside two libraries, in one run.

The database was filled by ``make_load --laureates 100000 --ten-ones 8``. Each way runs in a process of its own, in turn;
printed are the seconds until the first byte and until the end, the processor's seconds (the machine may be busy), the peak
memory of the process, and what of it is its own: SQLite maps the database file, which counts as memory and is none. The peers are openpyxl's ``write_only`` and django-import-export; the latter is no dependency of this project:

    uv pip install --target var/bench --no-deps django-import-export tablib diff-match-patch
    PYTHONPATH=.:var/bench python -m bench.exports --database sqlite:///…

Without it its row is left out, with a message.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

COLUMNS = 20
OURS, OPENPYXL, RESOURCE = "ours", "openpyxl write_only", "django-import-export"
TARGET_SECONDS, TARGET_MIB, TARGET_FIRST = 5, 150, 1


def main() -> None:
    """Run every way in a process of its own and print the table."""
    options = _options()
    os.environ["DATABASE_URL"] = options.database
    os.environ.setdefault("MOFU_ENV", "dev")
    if options.way:
        _measure(options.way, Path(options.out))
        return
    found = {}
    for way in (OURS, OPENPYXL, RESOURCE):
        if way == RESOURCE and importlib.util.find_spec("import_export") is None:
            print(f"{way} is not installed and left out; see the head of bench/exports.py.")
            continue
        runs = [_in_a_process(way, options.database) for _ in range(options.rounds)]
        found[way] = min(runs, key=lambda run: run["seconds"])
    _print(found)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--way", default="", help=argparse.SUPPRESS)
    parser.add_argument("--out", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


def _in_a_process(way: str, database: str) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        out = str(Path(folder, "out.xlsx"))
        command = [sys.executable, "-m", "bench.exports", "--database", database, "--way", way, "--out", out]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def _measure(way: str, out: Path) -> None:
    """Export in this process and print the figures as JSON."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "mofu.settings"
    import django  # noqa: PLC0415 - after the settings are named

    django.setup()
    from django.conf import settings  # noqa: PLC0415

    settings.DEBUG = False
    ways: dict[str, Callable[[Path], Iterator[None]]] = {
        OURS: _ours,
        OPENPYXL: _openpyxl,
        RESOURCE: _resource,
    }
    watch = _Watch()
    busy, start, first = time.process_time(), time.perf_counter(), 0.0
    for _ in ways[way](out):
        first = first or time.perf_counter() - start
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    figures = {"first": first, "seconds": seconds, "busy": busy, "peak": _peak(), "own": watch.most}
    print(json.dumps(figures | {"size": out.stat().st_size}))


class _Watch:
    """Looks twenty times a second how much memory is the process's own."""

    def __init__(self) -> None:
        self.most = 0.0
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while True:
            status = Path("/proc/self/status").read_text("ascii", "replace")
            self.most = max(self.most, int(status.partition("RssAnon:")[2].split()[0]) / 1024)
            time.sleep(0.05)


def _peak() -> float:
    """Return the peak memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _columns() -> tuple[Any, list[Any], Any]:
    from mofu.accounts.scope import SYSTEM  # noqa: PLC0415 - after django.setup()
    from mofu.registers import exports, tables  # noqa: PLC0415
    from mofu.registers.register import REGISTERS  # noqa: PLC0415

    register = REGISTERS["laureates"]
    columns = exports.with_numbers(
        register, list(register.all_columns.values())[:COLUMNS], exports.Choice(), SYSTEM
    )
    return register, columns, tables.ordered(register.rows(SYSTEM), register, "")


def _ours(out: Path) -> Iterator[None]:
    from django.utils import timezone  # noqa: PLC0415

    from mofu.documents.ledger import stream_ledger  # noqa: PLC0415
    from mofu.registers.exports import ledger_of  # noqa: PLC0415

    register, columns, rows = _columns()
    ledger = ledger_of(register, rows, columns, unit="盐城市总工会", on=timezone.localdate())
    with out.open("wb") as file:
        for block in stream_ledger(ledger):
            file.write(block)
            if block:
                yield


def _openpyxl(out: Path) -> Iterator[None]:
    from openpyxl import Workbook  # noqa: PLC0415

    from mofu.registers import tables  # noqa: PLC0415

    register, columns, rows = _columns()
    book = Workbook(write_only=True)
    sheet = book.create_sheet(register.title)
    sheet.append([column.label for column in columns])
    for row in tables.stream(register, rows, columns):
        sheet.append(row)
    book.save(out)
    yield


def _resource(out: Path) -> Iterator[None]:
    from import_export import fields, resources  # noqa: PLC0415
    from import_export.formats.base_formats import XLSX  # noqa: PLC0415

    register, columns, rows = _columns()
    paths = {column.name: fields.Field(column.name, column.label) for column in columns}
    meta = type("Meta", (), {"model": register.model, "fields": list(paths)})
    made = type("LaureateResource", (resources.ModelResource,), {**paths, "Meta": meta})()
    needs = {need for column in columns for need in column.needs}
    data = made.export(queryset=rows.select_related(*needs))
    out.write_bytes(XLSX().export_data(data))
    yield


def _print(found: dict[str, dict[str, Any]]) -> None:
    print(
        f"\n| {COLUMNS} columns of all laureates | first byte, s | all, s | processor, s | peak MiB | own MiB | file, MB |\n|---|---|---|---|---|---|---|"
    )
    for way, run in found.items():
        print(
            f"| {way} | {run['first']:.2f} | {run['seconds']:.1f} | {run['busy']:.1f} | {run['peak']:.0f} | {run['own']:.0f} | {run['size'] / 1e6:.1f} |"
        )
    ours = found[OURS]
    met = {
        f"≤ {TARGET_SECONDS} s": ours["seconds"] <= TARGET_SECONDS,
        f"≤ {TARGET_MIB} MiB of its own": ours["own"] <= TARGET_MIB,
        f"first byte < {TARGET_FIRST} s": ours["first"] < TARGET_FIRST,
    }
    print("\n" + "; ".join(f"{what}: {'yes' if yes else 'no'}" for what, yes in met.items()))


if __name__ == "__main__":
    main()

"""``python -m bench.reports --database URL``: the yearly report with 20 charts and 500 registration forms.

The database was filled by ``load_demo`` or ``make_load``. Every way runs in a process of its own; printed are seconds (the
report's figures, then the file, and the processor's for both), the peak memory, the size and the pages. Each form bears a photo of 900 × 1200 pixels.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from tempfile import TemporaryDirectory
from typing import Any

WAYS = ("annual.pdf", "annual.docx", "annual.xlsx", "forms.pdf", "forms.docx")


def main() -> None:
    """Run every way in a process of its own and print the table."""
    options = _options()
    os.environ["DATABASE_URL"] = options.database
    os.environ.setdefault("MOFU_ENV", "dev")
    os.environ["CACHE_URL"] = "locmemcache://bench"  # every chart is drawn
    if options.way:
        print(json.dumps(_measure(options.way, options)))
        return
    print(
        "| file | pages | figures s | file s | processor s | peak MiB | KiB |\n|---|---|---|---|---|---|---|"
    )
    for way in WAYS:
        run = _in_a_process(way, options)
        print(
            f"| {run['name']} | {run['pages'] or '—'} | {run['figures']:.2f} | {run['file']:.2f} | {run['processor']:.2f} | {run['mib']} | {run['kib']} |"
        )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True)
    parser.add_argument("--year", type=int, default=2026)
    parser.add_argument("--charts", type=int, default=20)
    parser.add_argument(
        "--people", type=int, default=600, help="people of the roster that is the report's annex"
    )
    parser.add_argument("--forms", type=int, default=500)
    parser.add_argument("--way", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


def _in_a_process(way: str, options: argparse.Namespace) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.reports", "--way", way]
    for name in ("database", "year", "charts", "people", "forms"):
        command += [f"--{name}", str(getattr(options, name))]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def _measure(way: str, options: argparse.Namespace) -> dict[str, Any]:
    """Make one file in this process, WeasyPrint imported before the clock starts as in a warm worker."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "mofu.settings"
    import django  # noqa: PLC0415 - after the settings are named

    django.setup()
    from actions.reports.renderings import WRITERS  # noqa: PLC0415
    from mofu.documents.pdf import pdf_available  # noqa: PLC0415

    pdf_available()
    kind, _, suffix = way.partition(".")
    build: Callable[[argparse.Namespace], Any] = _annual if kind == "annual" else _forms
    begun, used = time.perf_counter(), _processor()
    report = build(options)
    read = time.perf_counter()
    content = WRITERS[suffix](report)
    done = time.perf_counter()
    return {
        "name": f"{report.title}.{suffix}",
        "pages": _pages(content) if suffix == "pdf" else 0,
        "figures": read - begun,
        "file": done - read,
        "processor": _processor() - used,
        "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "kib": len(content) // 1024,
    }


def _processor() -> float:
    """Seconds the processor has worked for this process and those it has ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _pages(content: bytes) -> int:
    from pypdf import PdfReader  # noqa: PLC0415

    return len(PdfReader(io.BytesIO(content)).pages)


def _annual(options: argparse.Namespace) -> Any:
    from django.utils import timezone  # noqa: PLC0415

    from actions.reports import rosters  # noqa: PLC0415
    from actions.reports.kinds import KINDS  # noqa: PLC0415
    from actions.reports.making import report_of  # noqa: PLC0415
    from actions.reports.orders import Order  # noqa: PLC0415
    from actions.reports.spans import Span  # noqa: PLC0415
    from mofu.accounts.models import Organization  # noqa: PLC0415
    from mofu.accounts.scope import SYSTEM  # noqa: PLC0415
    from mofu.documents.echarts import drawn_apart  # noqa: PLC0415
    from mofu.documents.report import Annex, Picture, Section  # noqa: PLC0415

    city = Organization.objects.unscoped("the whole city is measured").get(parent=None)
    order = Order(KINDS["annual"], SYSTEM, city, Span(options.year), timezone.localdate())
    report = report_of(order)
    own = sum(isinstance(block, Picture) for section in report.everything for block in section.blocks)
    with drawn_apart():
        charts = [_chart(number) for number in range(options.charts - own)]
    people = rosters.laureate_section(order.frame).blocks[0]
    people = replace(people, rows=people.rows[: options.people])
    annex = Annex("劳模工匠花名册", [Section("", blocks=[people], numbered=False)])
    more = [Section("各项指标分月情况", blocks=charts, only="paper")] if charts else []
    return replace(report, sections=[*report.sections, *more], annexes=[annex] if options.people else [])


def _chart(number: int) -> Any:
    """A chart of twelve months, drawn by ECharts as the report's own."""
    from mofu.documents.chart import Datum, Series  # noqa: PLC0415
    from mofu.documents.charts import columns  # noqa: PLC0415

    chance = random.Random(number)
    months = [Datum(chance.randint(10, 200)) for _ in range(12)]
    return columns(
        f"图{number + 1}", [f"{month}月" for month in range(1, 13)], [Series("数", months)]
    ).picture


def _forms(options: argparse.Namespace) -> Any:
    from django.conf import settings  # noqa: PLC0415
    from django.core.files.base import ContentFile  # noqa: PLC0415
    from django.core.files.storage import default_storage  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from actions.reports.registration import registration_forms, with_parts  # noqa: PLC0415
    from models_app.models import Laureate  # noqa: PLC0415

    people = list(with_parts(Laureate.objects.unscoped("any people will do"))[: options.forms])
    people = (people * (1 + options.forms // max(len(people), 1)))[: options.forms]
    with TemporaryDirectory() as folder:
        settings.MEDIA_ROOT = folder
        name = default_storage.save("bench.jpg", ContentFile(_photo()))
        for person in people:
            person.photo = name
        return registration_forms(people, timezone.localdate(), in_full=False)


def _photo() -> bytes:
    from PIL import Image  # noqa: PLC0415

    noise = Image.effect_noise((90, 120), 60).resize((900, 1200)).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=88)
    return out.getvalue()


if __name__ == "__main__":
    main()

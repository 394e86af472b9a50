"""From an order to a file: at once, or as a job that reports how far it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils import timezone

from actions.reports.drafts import finished
from actions.reports.kinds import KINDS, Step
from actions.reports.orders import Order, OrderError, OutOfSight, read_order
from actions.reports.renderings import WRITERS
from mofu.accounts import trail
from mofu.documents.echarts import drawn_apart
from mofu.documents.pdf import PdfUnavailable
from mofu.documents.report import Report
from mofu.registers import jobs, revealing
from mofu.registers.marks import mark_of
from mofu.registers.models import Job
from mofu.registers.typed_numbers import without_numbers

KIND = "report"


@dataclass(frozen=True)
class Made:
    """A finished file."""

    name: str
    content: bytes


def generated_report(order: Order, step: Step | None = None) -> Report:
    """Return the report as the figures alone make it; raises OrderError or OutOfSight."""
    with drawn_apart():
        return order.kind.build(order, step)


def report_of(order: Order, step: Step | None = None) -> Report:
    """Return the report as it goes out, staff's own words included."""
    return finished(order, generated_report(order, step))


def make(order: Order, suffix: str, step: Step | None = None) -> Made:
    """Return a report as a file, noted on the trail.

    Raises PdfUnavailable where PDFs cannot be made, OrderError for more forms in full than the user may take in a day.
    """
    mark = mark_of(order.user, timezone.localtime())
    report = replace(report_of(order, step), mark=mark.words, mark_on_pages=order.kind.foot(mark))
    name = f"{report.title}.{suffix}"
    if not order.in_full:
        content = _written(report, suffix, step)
        trail.record(trail.Action.EXPORTED, reason=f"{name}；编号：{mark.code}")
        return Made(name, content)
    forms = len(report.sections) if report.loose_leaves else 0  # one of a person each
    try:
        revealing.require_rows(order.user, forms)
        content = _written(report, suffix, step)
        words = f"{name}；证件号码完整，用途：{without_numbers(order.purpose)}；编号：{mark.code}"
        revealing.note_rows(order.user, forms, words, {})
    except revealing.TooManyRows as refusal:
        raise OrderError(str(refusal)) from refusal
    return Made(name, content)


def _written(report: Report, suffix: str, step: Step | None) -> bytes:
    return WRITERS[suffix](report, step) if step else WRITERS[suffix](report)


def start(order: Order, suffix: str) -> Job:
    """Make the file in the background; its owner finds it under 我的任务."""
    jobs.forget_old()
    words = {"report": order.kind.code, "query": order.query, "purpose": order.purpose, "suffix": suffix}
    return jobs.start(KIND, f"生成{order.kind.title}", order.user, **words)


@jobs.kind(KIND)
def _make(job: Job, progress: jobs.Progress) -> None:
    kind, suffix = KINDS[job.params["report"]], job.params["suffix"]
    if not kind.may_make(job.owner):
        raise jobs.Refused("您已没有生成这种报告的权限。")
    query = QueryDict(job.params["query"], mutable=True)
    query["purpose"] = job.params["purpose"]
    progress.step(0, 0, "正在读取数据")
    try:
        made = make(
            read_order(kind, query, job.owner),
            suffix,
            lambda done, total: progress.step(done, total, "正在排版"),
        )
    except (OrderError, OutOfSight, PdfUnavailable) as refusal:
        raise jobs.Refused(str(refusal)) from refusal
    jobs.keep_result(job, made.content, made.name)
    job.message = f"已生成 {made.name}。"

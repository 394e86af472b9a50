"""Circulars on progress (进展通报) of a year, half, quarter or month, with the ranking of the boards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actions.progress.frame import Frame
from actions.progress.indicator import Number
from actions.progress.targets import Progress
from actions.reports import annual, narrative, pictures, tables
from actions.reports.material import Material
from actions.reports.spans import Span, figure_in
from actions.reports.telling import is_programmes, names
from mofu.documents.report import Annex, Block, Paragraph, Report, Section, Table


def circular(frame: Frame, span: Span) -> Report:
    """Return the circular: overall, actions, problems by name, demands; rankings as annexes."""
    material = Material(span.frame(frame))
    unit = "" if not frame.org_code else frame.org.name
    return Report(
        title=f"关于{span.words}{unit}五大行动工作进展情况的通报",
        subtitle="",
        issuer=unit,
        date=frame.today,
        sections=[
            _overall(material, span),
            Section("主要做法和成效", blocks=_praise(material)),
            *_actions(material),
            annual.problems(material, names_laggards=True),
            Section("下一步要求", blocks=annual.next_steps(material).blocks),
        ],
        annexes=list(_annexes(material)),
    )


def _overall(material: Material, span: Span) -> Section:
    found = annual.overall(material, span)
    if span.is_year:
        return found
    figures = [(row, figure_in(span, material.reading, row.indicator)) for row in material.rows]
    new = Paragraph(narrative.in_span(span, figures), key="span")
    table = _span_table(span, material, [pair for pair in figures if pair[1] is not None])
    return Section(found.heading, blocks=[found.blocks[0], new, table, found.blocks[1]])


def _span_table(span: Span, material: Material, figures: Sequence[tuple[Progress, Number]]) -> Table:
    """What is new beside the sum, each sum with the year from which it runs."""
    first = material.frame.settings.first_year
    since = [f"{first if is_programmes(row) else span.year}年以来" for row, _ in figures]
    called = names([row.indicator for row, _ in figures])
    return Table(
        "各项工作新增和累计情况",
        ("指标", f"{span.words_of_year}新增", "累计", "单位", "累计起点"),
        [
            (name, value, row.value, row.unit, start)
            for name, (row, value), start in zip(called, figures, since, strict=True)
        ],
        widths=(40, 16, 16, 10, 18),
        kinds=("text", "number", "number", "text", "text"),
        note=f"全程指标从{first}年起累计，其他指标从本年1月起累计。“十个一”按年度登记，未填写日期的记录计入全年。",
    )


def _praise(material: Material) -> list[Paragraph]:
    words = narrative.praise(material.standings)
    return [Paragraph(words, key="boards")] if words else []


def _actions(material: Material) -> Iterator[Section]:
    for campaign in material.campaigns:
        rows = material.of(campaign.code)
        found = tables.action_tables(material.reading, campaign, rows)
        words = Paragraph(narrative.of_action(material.voice, campaign.title, rows), key=campaign.code)
        yield Section(campaign.title, level=2, blocks=[words], only="paper")
        yield Section(campaign.title, level=2, blocks=list(found), sheet=campaign.title, only="workbook")


def _annexes(material: Material) -> Iterator[Annex]:
    if material.standings:
        rank = tables.ranking_table(material.voice, material.standings)
        chart = pictures.standing_picture(material.standings)
        yield Annex("各板块目标完成情况排名表", [_part([rank, chart])])
        yield Annex("各板块分解目标完成情况表", [_part(list(tables.standing_tables(material.standings)))])
    if material.tasks:
        listed = tables.task_table(material.tasks, material.frame.today)
        yield Annex("“双十”任务进展情况表", [_part([listed])])


def _part(blocks: list[Block]) -> Section:
    return Section("", blocks=blocks, numbered=False)

"""Circulars on progress (进展通报) of a year, half, quarter or month, with the ranking of the boards."""

from __future__ import annotations

from collections.abc import Iterator

from actions.progress.frame import Frame
from actions.reports import annual, narrative, pictures, tables
from actions.reports.material import Material
from actions.reports.spans import Span, figure_in
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
            annual.problems(material),
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
    note = "“十个一”按年度登记，未填写日期的记录计入全年。"
    return Section(
        found.heading, blocks=[found.blocks[0], new, _span_table(span, figures, note), found.blocks[1]]
    )


def _span_table(span: Span, figures: list[tuple], note: str) -> Table:
    body = [(row.label, value, row.value, row.unit) for row, value in figures if value is not None]
    columns = ("指标", f"{span.words_of_year}新增", "累计", "单位")
    return Table(
        "各项工作新增和累计情况",
        columns,
        body,
        widths=(40, 16, 16, 10),
        kinds=("text", "number", "number", "text"),
        note=note,
    )


def _praise(material: Material) -> list[Paragraph]:
    words = narrative.boards(material.standings)
    return [Paragraph(words, key="boards")] if words else []


def _actions(material: Material) -> Iterator[Section]:
    for campaign in material.campaigns:
        rows = material.of(campaign.code)
        found = tables.action_tables(material.reading, campaign, rows)
        words = Paragraph(narrative.of_action(campaign.title, rows), key=campaign.code)
        yield Section(campaign.title, level=2, blocks=[words], only="paper")
        yield Section(campaign.title, level=2, blocks=list(found), sheet=campaign.title, only="workbook")


def _annexes(material: Material) -> Iterator[Annex]:
    if material.standings:
        rank = tables.ranking_table(material.standings)
        chart = pictures.standing_picture(material.standings)
        yield Annex("各板块目标完成情况排名表", [_part([rank, chart])])
        yield Annex("各板块分解目标完成情况表", [_part(list(tables.standing_tables(material.standings)))])
    if material.tasks:
        listed = tables.task_table(material.tasks, material.frame.today)
        yield Annex("“双十”任务进展情况表", [_part([listed])])


def _part(blocks: list[Block]) -> Section:
    return Section("", blocks=blocks, numbered=False)

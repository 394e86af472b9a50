"""The yearly report: overall progress, the five actions by target and board, tasks, boards, problems, next steps."""

from __future__ import annotations

from collections.abc import Iterator

from actions.progress.frame import Frame
from actions.reports import narrative, pictures, rosters, tables
from actions.reports.material import Material
from actions.reports.spans import Span
from mofu.documents.report import Paragraph, Report, Section


def annual_report(frame: Frame) -> Report:
    """Return the report of the frame's unit and year."""
    span = Span(frame.year)
    material = Material(span.frame(frame))
    return Report(
        title=f"{frame.year}年“弘扬劳模精神 勇当碳路先锋”五大行动工作报告",
        subtitle="" if not frame.org_code else frame.org.name,
        issuer="" if not frame.org_code else frame.org.name,
        date=frame.today,
        sections=[
            overall(material, span),
            *actions(material),
            *tasks(material),
            *boards(material),
            problems(material),
            next_steps(material),
            rosters.studio_section(frame),
            rosters.laureate_section(frame),
        ],
    )


def overall(material: Material, span: Span) -> Section:
    """总体情况: the opening paragraph and the table of targets."""
    frame, rows = material.frame, material.aimed
    text = narrative.overview(material.voice, material.unit, span, frame.today, rows)
    return Section(
        "总体情况", blocks=[Paragraph(text, key="overview"), tables.target_table(material.voice, rows)]
    )


def actions(material: Material) -> Iterator[Section]:
    """The five actions, each in words and tables."""
    for campaign in material.campaigns:
        rows = material.of(campaign.code)
        text = Paragraph(narrative.of_action(material.voice, campaign.title, rows), key=campaign.code)
        found = tables.action_tables(material.reading, campaign, rows)
        charts = pictures.month_pictures(material.reading, campaign.code)
        yield Section(campaign.title, blocks=[text, *charts, *found], sheet=campaign.title)


def tasks(material: Material) -> Iterator[Section]:
    """The double ten; nothing for a unit that leads none of them."""
    rows = material.of("double-ten")
    if material.tasks or any(row.target for row in rows):
        text = Paragraph(narrative.of_action(material.voice, "双十任务", rows), key="tasks")
        listed = tables.task_table(material.tasks, material.frame.today)
        found = [text, tables.figure_table(material.voice, "双十任务", rows), listed]
        yield Section("双十任务", blocks=found, sheet="双十任务")


def boards(material: Material) -> Iterator[Section]:
    """The boards by name; nothing where none has targets."""
    if material.standings:
        text = Paragraph(narrative.boards(material.voice, material.standings), key="boards")
        found = [
            tables.ranking_table(material.voice, material.standings),
            *tables.standing_tables(material.standings),
        ]
        chart = pictures.standing_picture(material.standings)
        yield Section("各板块完成情况", blocks=[text, chart, *found], sheet="板块排名")


def problems(material: Material, *, names_laggards: bool = False) -> Section:
    """存在问题; ``names_laggards``: of the boards, too, where no section of their own does."""
    text = narrative.problems(
        material.voice,
        material.aimed,
        material.standings,
        material.overdue,
        names_laggards=names_laggards,
    )
    return Section("存在问题", blocks=[Paragraph(text, key="problems")])


def next_steps(material: Material) -> Section:
    """下一步工作."""
    text = narrative.next_steps(material.voice, material.aimed, material.standings, len(material.unfinished))
    return Section("下一步工作", blocks=[Paragraph(text, key="next")])

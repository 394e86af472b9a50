"""Reports about one thing: a board, one of the five actions, the double ten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from actions.models import Campaign, Task, TaskGroup
from actions.progress.breakdown import board_table
from actions.progress.frame import Frame
from actions.progress.reading import Reading
from actions.progress.standings import Standing, standings
from actions.progress.targets import Progress
from actions.reports import annual, narrative, pictures, tables
from actions.reports.material import Material
from actions.reports.spans import Span
from actions.reports.telling import Voice
from mofu.documents.report import Paragraph, Report, Section, Table


def board_report(frame: Frame, span: Span) -> Report:
    """Return a board's own report; its rank only for readers who may see the other boards."""
    material = Material(span.frame(frame))
    rank = _rank(material.frame)
    first = annual.overall(material, span)
    words = [Paragraph(rank, key="rank")] if rank else []
    return Report(
        title=f"{frame.org.name}{span.words}五大行动工作情况报告",
        subtitle="",
        issuer=frame.org.name,
        date=frame.today,
        sections=[
            Section(first.heading, blocks=[first.blocks[0], *words, *first.blocks[1:]]),
            *annual.actions(material),
            annual.problems(material),
            annual.next_steps(material),
        ],
    )


def _rank(frame: Frame) -> str:
    if frame.user.scope_path != "" or not frame.org_code:
        return ""
    found = standings(board_table(Reading(replace(frame, org=frame.org.parent)).only(bound=True)))
    mine = next((one for one in found if one.board.pk == frame.org.pk), None)
    return _rank_words(Voice.of(frame), mine, found) if mine else ""


def _rank_words(voice: Voice, mine: Standing, found: Sequence[Standing]) -> str:
    gaps = voice.missing(voice.late(mine.rows))
    well = "各项年度分解目标均已完成。" if voice.closed else "各项分解目标均达到时间进度。"
    late = f"{'没有完成' if voice.closed else '尚有差距'}的是：{gaps}。" if gaps else well
    return f"按分解目标平均完成率，{mine.name}为{mine.share}，在{len(found)}个板块中列第{mine.rank}位。{late}"


def action_report(frame: Frame, span: Span, campaign: Campaign) -> Report:
    """Return the report of one of the five actions: targets, boards, months, problems."""
    material = Material(span.frame(frame))
    voice, rows = material.voice, material.of(campaign.code)
    aimed = [row for row in rows if row.target]
    found = list(tables.action_tables(material.reading, campaign, rows))
    months = list(tables.month_tables(material.reading, campaign))
    unit = "" if not frame.org_code else frame.org.name
    words = narrative.overview(voice, material.unit, span, material.frame.today, aimed)
    sections = [
        Section("总体情况", blocks=[Paragraph(words, key="overview"), Paragraph(narrative.of_action(voice, campaign.title, rows), key=campaign.code), *_targets(voice, aimed), found[0]], sheet="总体情况"),
        Section("分板块情况", blocks=found[1:], sheet="分板块情况"),
        Section("分月情况", blocks=[*pictures.month_pictures(material.reading, campaign.code), *months], sheet="分月情况"),
        Section("存在问题", blocks=[Paragraph(narrative.problems(voice, aimed, (), ()), key="problems")]),
        Section("下一步工作", blocks=[Paragraph(narrative.next_steps(voice, aimed, (), 0), key="next")]),
    ]  # fmt: skip
    title = f"{unit}{span.words}{campaign.title}专项报告"
    kept = [section for section in sections if section.blocks]
    return Report(title, "", unit, frame.today, kept)


def _targets(voice: Voice, aimed: Sequence[Progress]) -> list[Table]:
    return [tables.target_table(voice, aimed)] if aimed else []


def task_report(frame: Frame, span: Span) -> Report:
    """Return 双十任务清单进展表 of the city: both lists with the programme's own words, owners, deadlines, latest progress."""
    material = Material(span.frame(frame))
    words = Paragraph(narrative.of_action(material.voice, "双十任务", material.of("double-ten")), key="tasks")
    sections = [Section("", blocks=[words], numbered=False, landscape=True)]
    for group in TaskGroup:
        mine = [task for task in material.tasks if task.group == group]
        if mine:
            sections.append(
                Section(
                    group.label,
                    blocks=[_task_table(mine, group.label, material.frame.today)],
                    sheet=group.label,
                    landscape=True,
                )
            )
    return Report(f"{span.words}“双十”任务清单进展表", "", "", frame.today, sections)


def _task_table(rows: Sequence[Task], caption: str, day: date) -> Table:
    body = [
        (
            task.number, task.name, task.original, str(task.org), task.owner, task.deadline,
            task.told_on(day), _by(day, task.completed_on), _latest(task, day),
        )
        for task in rows
    ]  # fmt: skip
    return Table(
        caption,
        (
            "序号",
            "任务",
            "具体内容",
            "牵头单位",
            "责任单位（责任人）",
            "时限",
            "状态",
            "完成日期",
            "最近进展",
        ),
        body,
        widths=(6, 19, 35, 14, 15, 21.5, 12.5, 21.5, 27),
        kinds=("int", "text", "text", "text", "text", "date", "text", "date", "text"),
    )


def _by(day: date, completed_on: date | None) -> date | None:
    return completed_on if completed_on and completed_on <= day else None


def _latest(task: Task, day: date) -> str:
    """The last note up to a day: what was done later is no progress of that year."""
    note = next((note for note in task.notes.all() if note.date <= day), None)
    return f"{note.date.month}月{note.date.day}日：{note.text}" if note else ""

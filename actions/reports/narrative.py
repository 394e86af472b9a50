"""What a report says in words, in official style: every sentence is made from the same progress rows as the tables."""

from __future__ import annotations

from collections.abc import Sequence

from actions.models import Comparator, TargetPeriod, Task
from actions.progress.standings import Standing
from actions.progress.status import Status
from actions.progress.targets import Progress
from actions.reports import telling
from actions.reports.spans import Span
from actions.reports.telling import Voice, name_of, tight
from mofu.documents.values import as_text, long_date

FEW = 3  # boards praised, boards named as lagging
_IDEAS = "坚持以习近平新时代中国特色社会主义思想为指导，大力弘扬劳模精神、劳动精神、工匠精神"


def overview(voice: Voice, unit: str, span: Span, today: object, rows: Sequence[Progress]) -> str:
    """The opening paragraph: how many targets there are and how they stand."""
    judged = [voice.state(row) for row in rows if row.status]
    text = (
        f"{span.words}，{unit}{_IDEAS}，扎实推进“弘扬劳模精神 勇当碳路先锋”五大行动。截至{long_date(today)}，"
    )
    if not judged:
        return f"{text}共有{len(rows)}项目标，尚未进入考核时段。" if rows else f"{text}尚未下达目标。"
    counts = "、".join(f"{state}{n}项" for state in voice.states(rows) if (n := judged.count(state)))
    waiting = len(rows) - len(judged)
    rest = f"、尚未进入考核时段{waiting}项" if waiting else ""
    return f"{text}{span.year}年度共有{len(rows)}项目标，其中{counts}{rest}。"


def of_action(voice: Voice, title: str, rows: Sequence[Progress]) -> str:
    """One action: its targets with figures and status, then what else was counted."""
    aimed = [row for row in rows if row.target]
    others = [row for row in rows if not row.target and row.value and is_told(row)]
    parts = []
    if aimed:
        called = zip(telling.names([row.indicator for row in aimed]), aimed, strict=True)
        parts.append("；".join(_against_target(voice, name, row) for name, row in called) + "。")
    if others:
        figures = telling.listed(others, lambda row: f"{row.shown}{row.unit}")
        parts.append(f"{'此外，' if aimed else ''}{figures}。")
    return "".join(parts) or f"{title}暂无审核通过的记录。"


def is_told(row: Progress) -> bool:
    """Whether sentences and board tables mention the figure: not another reading of one that is told already."""
    return not row.indicator.only_with_target or row.target is not None


def _against_target(voice: Voice, name: str, row: Progress) -> str:
    return f"{name}{row.shown}{row.unit}，目标{_goal(voice, row)}，{_verdict(voice, row)}"


def _goal(voice: Voice, row: Progress) -> str:
    """The target as a sentence says it: 每月不少于2场, 100名左右, 到2028年不少于1000家, 50人."""
    sign = row.target.comparator
    when = "每月" if row.target.period == TargetPeriod.MONTH else ""
    when = f"到{voice.last_year}年" if telling.is_programmes(row) else when
    least = "不少于" if sign == Comparator.AT_LEAST else ""
    return f"{when}{least}{row.target_value}{row.target.unit}{'左右' if sign == Comparator.ABOUT else ''}"


def _verdict(voice: Voice, row: Progress) -> str:
    if row.status is None:
        return tight(row.note) or "尚未开始"
    if row.target.period == TargetPeriod.MONTH:
        return f"{tight(row.note).replace('；', '，')}（{voice.state(row)}）"
    is_open = row.pace is not None and row.status != Status.DONE and not voice.is_missed(row)
    pace = f"，时间进度{row.pace}%" if is_open else ""
    return f"完成率{row.percent}%{pace}，{voice.state(row)}"


def boards(voice: Voice, found: Sequence[Standing]) -> str:
    """The boards by name: the best, and those that lag with what is missing."""
    if not found:
        return ""
    last = lagging(voice, found)
    behind = f"{'完成情况' if voice.closed else '进度'}靠后的有{_laggards(voice, last)}。" if last else ""
    first = praise(found) or "各板块按分解目标平均完成率排名，各板块均未破零。"
    return f"{first}{behind}"


def praise(found: Sequence[Standing]) -> str:
    """The first boards; one that has done nothing is not praised."""
    best = "、".join(f"{one.name}（{one.share}）" for one in found[:FEW] if one.average)
    return f"各板块按分解目标平均完成率排名，居前的有{best}。" if best else ""


def lagging(voice: Voice, found: Sequence[Standing]) -> list[Standing]:
    """The lowest ranked boards that have something to make up, the last first; never one that is praised."""
    return [one for one in reversed(found[FEW:]) if voice.late(one.rows)][:FEW]


def _laggards(voice: Voice, last: Sequence[Standing]) -> str:
    return "；".join(f"{one.name}（{one.share}），{voice.missing(voice.late(one.rows))}" for one in last)


def problems(
    voice: Voice,
    rows: Sequence[Progress],
    found: Sequence[Standing],
    overdue: Sequence[Task],
    *,
    names_laggards: bool = False,
) -> str:
    """What does not go well, line by line; a sentence that says so where everything does.

    ``names_laggards``: the boards that lag are named here, where no other part of the report does.
    """
    lines = [*_missed(voice, rows), *_behind(voice, rows)]
    if names_laggards and (last := lagging(voice, found)):
        lines.append(f"有的板块{'完成情况' if voice.closed else '进度'}靠后。{_laggards(voice, last)}。")
    if idle := _idle(voice, found):
        lines.append(f"有的板块个别指标{'到年底仍' if voice.closed else '尚'}未破零。{idle}。")
    if overdue:
        called = "、".join(f"“{task.name}”（时限{long_date(task.deadline)}）" for task in overdue)
        lines.append(f"个别任务超过时限未完成。{called}。")
    if not lines and not any(row.status for row in rows):
        return "目前没有进入考核时段的目标。"
    well = "全年各项指标、任务均已完成" if voice.closed else "目前各项指标、任务均达到时间进度要求"
    return _counted(lines) or f"{well}，没有发现突出问题。"


def _missed(voice: Voice, rows: Sequence[Progress]) -> list[str]:
    missed = [row for row in rows if voice.is_missed(row)]
    words = "；".join(f"{name_of(row)}{voice.gap(row)}" for row in missed)
    return [f"部分{voice.year}年度目标没有完成。{words}。"] if missed else []


def _behind(voice: Voice, rows: Sequence[Progress]) -> list[str]:
    late = [row for row in rows if voice.is_late(row) and not voice.is_missed(row)]
    late.sort(key=telling.is_programmes)
    words = "；".join(f"{name_of(row)}（{row.status_label}），{voice.gap(row)}" for row in late)
    return [f"部分{'全程' if voice.closed else ''}指标落后于时间进度。{words}。"] if late else []


def _idle(voice: Voice, found: Sequence[Standing]) -> str:
    idle = [(one.name, [row for row in voice.late(one.rows) if not row.value]) for one in found]
    return "；".join(f"{name}：{'、'.join(map(name_of, rows))}" for name, rows in idle if rows)


def _counted(lines: Sequence[str]) -> str:
    """Points as lines that begin 一是, 二是 …; a single one is not counted."""
    if len(lines) < 2:
        return "".join(lines)
    return "\n".join(f"{number}是{line}" for number, line in zip("一二三四五六", lines, strict=False))


def next_steps(voice: Voice, rows: Sequence[Progress], found: Sequence[Standing], open_tasks: int) -> str:
    """What is to be done now, following from what lags; of a year that is over, what the next one has to make up."""
    late = [row for row in rows if voice.is_late(row) and not voice.is_missed(row)]
    missed = [row for row in rows if voice.is_missed(row)]
    last = "、".join(one.name for one in lagging(voice, found))
    lines = _in_next_year(voice, missed, last, open_tasks) if voice.closed else _now(last, open_tasks)
    if late:
        aim = f"确保到{voice.last_year}年完成" if voice.closed else "尽快赶上时间进度"
        head = "紧盯全程指标抓推进" if voice.closed else "聚焦滞后指标抓推进"
        lines.insert(
            1 if missed else 0, f"{head}。对{'、'.join(map(name_of, late))}逐项明确责任、倒排时间，{aim}。"
        )
    lines.append("动态更新台账抓质效。各项活动、服务和成果及时登记、及时送审，做到有数据、有佐证。")
    return _counted(lines)


def _now(last: str, open_tasks: int) -> list[str]:
    lines = []
    if last:
        lines.append(f"盯住靠后板块抓督查。{last}要对照分解目标查找差距，制定赶序措施。")
    if open_tasks:
        lines.append(f"对照“双十”清单抓落实。对尚未完成的{open_tasks}项任务，按时限要求逐项销号。")
    return lines


def _in_next_year(voice: Voice, missed: Sequence[Progress], last: str, open_tasks: int) -> list[str]:
    lines, following = [], voice.year + 1
    if missed:
        called = "、".join(map(name_of, missed))
        lines.append(f"对照未完成目标补短板。对{called}查找原因，列入{following}年工作重点，明确责任和时限。")
    if last:
        lines.append(f"盯住靠后板块抓督查。{last}要对照分解目标查找差距，制定{following}年改进措施。")
    if open_tasks:
        lines.append(
            f"接续办理“双十”任务。{voice.year}年未完成的{open_tasks}项转入{following}年，逐项明确时限、办结销号。"
        )
    return lines


def in_span(span: Span, figures: Sequence[tuple[Progress, object]]) -> str:
    """What was done in the span itself, for a circular of a half, quarter or month."""
    done = {row.indicator.code: value for row, value in figures if value and is_told(row)}
    if not done:
        return f"{span.words_of_year}没有新增审核通过的记录。"
    rows = [row for row, _ in figures if row.indicator.code in done]
    told = telling.listed(rows, lambda row: f"{as_text(done[row.indicator.code], 'number')}{row.unit}")
    return f"{span.words_of_year}新增：{told}。"

"""What a report says in words, in official style: every sentence is made from the same progress rows as the tables."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from actions.models import Comparator, TargetPeriod, Task
from actions.progress.standings import Standing
from actions.progress.status import LATE, Status
from actions.progress.targets import Progress
from actions.reports.spans import Span
from mofu.documents.values import as_text, long_date
from mofu.registers.columns import shown

FEW = 3  # boards praised, boards named as lagging
_IDEAS = "坚持以习近平新时代中国特色社会主义思想为指导，大力弘扬劳模精神、劳动精神、工匠精神"


def overview(unit: str, span: Span, today: object, rows: Sequence[Progress]) -> str:
    """The opening paragraph: how many targets there are and how they stand."""
    judged = [row for row in rows if row.status]
    text = (
        f"{span.words}，{unit}{_IDEAS}，扎实推进“弘扬劳模精神 勇当碳路先锋”五大行动。截至{long_date(today)}，"
    )
    if not judged:
        return f"{text}共有{len(rows)}项目标，尚未进入考核时段。" if rows else f"{text}尚未下达目标。"
    counts = "、".join(
        f"{status.label}{n}项" for status in Status if (n := sum(row.status == status for row in judged))
    )
    waiting = len(rows) - len(judged)
    rest = f"、尚未进入考核时段{waiting}项" if waiting else ""
    return f"{text}{span.year}年度共有{len(rows)}项目标，其中{counts}{rest}。"


def of_action(title: str, rows: Sequence[Progress]) -> str:
    """One action: its targets with figures and status, then what else was counted."""
    aimed = [row for row in rows if row.target]
    others = [
        f"{row.label}{row.shown}{row.unit}" for row in rows if not row.target and row.value and is_told(row)
    ]
    parts = []
    if aimed:
        parts.append("；".join(_against_target(row) for row in aimed) + "。")
    if others:
        parts.append(f"{'此外，' if aimed else ''}{'、'.join(others)}。")
    return "".join(parts) or f"{title}暂无审核通过的记录。"


def is_told(row: Progress) -> bool:
    """Whether sentences and board tables mention the figure: not another reading of one that is told already."""
    return not row.indicator.only_with_target or row.target is not None


def _against_target(row: Progress) -> str:
    return f"{row.label}{row.shown}{row.unit}，目标{_goal(row)}，" + _verdict(row)


def _goal(row: Progress) -> str:
    """The target as a sentence says it: 每月不少于 2 场, 100 名左右, 不少于 1000 家, 50 人."""
    sign = row.target.comparator
    monthly = "每月" if row.target.period == TargetPeriod.MONTH else ""
    least = "不少于" if sign == Comparator.AT_LEAST else ""
    return f"{monthly}{least}{row.target_value}{row.target.unit}{'左右' if sign == Comparator.ABOUT else ''}"


def _verdict(row: Progress) -> str:
    if row.status is None:
        return _tight(row.note) or "尚未开始"
    if row.target.period == TargetPeriod.MONTH:
        return f"{_tight(row.note)}（{row.status_label}）"
    pace = "" if row.pace is None or row.status == Status.DONE else f"，时间进度{row.pace}%"
    return f"完成率{row.percent}%{pace}，{row.status_label}"


def _tight(note: str) -> str:
    """A note as running text: official papers leave no room around figures."""
    return note.replace(" ", "")


def boards(found: Sequence[Standing]) -> str:
    """The boards by name: the best, and those that lag with what is missing."""
    if not found:
        return ""
    best = _best(found)
    first = f"居前的有{best}。" if best else "各板块均未破零。"
    return f"各板块按分解目标平均完成率排名，{first}{_lagging(found)}"


def _best(found: Sequence[Standing]) -> str:
    """The first boards; one that has done nothing is not praised."""
    return "、".join(f"{one.name}（{one.share}）" for one in found[:FEW] if one.average)


def lagging(found: Sequence[Standing]) -> list[Standing]:
    """The lowest ranked boards that have something to make up, the last first; never one that is praised."""
    return [one for one in reversed(found[FEW:]) if one.late][:FEW]


def _lagging(found: Sequence[Standing]) -> str:
    last = lagging(found)
    if not last:
        return ""
    return (
        "进度靠后的有" + "；".join(f"{one.name}（{one.share}），{missing(one.late)}" for one in last) + "。"
    )


def missing(rows: Sequence[Progress]) -> str:
    """What is still to be done: 命名盐城工匠学院尚缺 2 家."""
    return "、".join(f"{row.label}{gap(row)}" for row in rows)


def gap(row: Progress) -> str:
    """How far a row is from its target: 尚缺 2 家; for a monthly target which months missed it."""
    if row.target.period == TargetPeriod.MONTH:
        return _tight(row.note).replace("；", "，")
    lack = row.target.value - Decimal(row.value)
    return f"尚缺{shown(lack)}{row.target.unit}" if lack > 0 else "已达到目标"


def problems(rows: Sequence[Progress], found: Sequence[Standing], overdue: Sequence[Task]) -> str:
    """What does not go well, line by line; a sentence that says so where everything does."""
    lines = []
    if late := [row for row in rows if row.status in LATE]:
        words = "；".join(f"{row.label}（{row.status_label}），{gap(row)}" for row in late)
        lines.append(f"部分指标落后于时间进度。{words}。")
    if idle := _idle(found):
        lines.append(f"有的板块个别指标尚未破零。{idle}。")
    if overdue:
        names = "、".join(f"“{task.name}”（时限{long_date(task.deadline)}）" for task in overdue)
        lines.append(f"个别任务超过时限未完成。{names}。")
    if not lines and not any(row.status for row in rows):
        return "目前没有进入考核时段的目标。"
    return _counted(lines) or "目前各项指标、任务均达到时间进度要求，没有发现突出问题。"


def _idle(found: Sequence[Standing]) -> str:
    named = [
        (one.name, "、".join(row.label for row in one.late if not row.value))
        for one in found
        if any(not row.value for row in one.late)
    ]
    return "；".join(f"{name}：{labels}" for name, labels in named)


def _counted(lines: Sequence[str]) -> str:
    """Points as lines that begin 一是, 二是 …; a single one is not counted."""
    if len(lines) < 2:
        return "".join(lines)
    return "\n".join(f"{number}是{line}" for number, line in zip("一二三四五六", lines, strict=False))


def next_steps(rows: Sequence[Progress], found: Sequence[Standing], open_tasks: int) -> str:
    """What is to be done now, following from what lags."""
    lines = []
    if late := [row for row in rows if row.status in LATE]:
        lines.append(
            f"聚焦滞后指标抓推进。对{'、'.join(row.label for row in late)}逐项明确责任、倒排时间，尽快赶上时间进度。"
        )
    if last := lagging(found):
        names = "、".join(one.name for one in last)
        lines.append(f"盯住靠后板块抓督查。{names}要对照分解目标查找差距，制定赶序措施。")
    if open_tasks:
        lines.append(f"对照“双十”清单抓落实。对尚未完成的{open_tasks}项任务，按时限要求逐项销号。")
    lines.append("动态更新台账抓质效。各项活动、服务和成果及时登记、及时送审，做到有数据、有佐证。")
    return _counted(lines)


def in_span(span: Span, figures: Sequence[tuple[Progress, object]]) -> str:
    """What was done in the span itself, for a circular of a half, quarter or month."""
    done = [
        f"{row.label}{as_text(value, 'number')}{row.unit}" for row, value in figures if value and is_told(row)
    ]
    return (
        f"{span.words_of_year}新增：{'、'.join(done)}。"
        if done
        else f"{span.words_of_year}没有新增审核通过的记录。"
    )

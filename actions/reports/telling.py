"""How a sentence or table head calls a figure, what it says of its state and of what is missing: one home for all reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from actions.models import TargetPeriod
from actions.progress.frame import Frame
from actions.progress.indicator import INDICATORS, Indicator
from actions.progress.status import LATE, Status
from actions.progress.targets import Progress
from mofu.registers.columns import shown

UNDONE = "未完成"  # what a year that is over says of a target it missed: there is no time left to be 滞后 in
_PART = "其中"
_KINDS = {
    "十个一": "“十个一”活动",
    "劳模引领": "劳模工匠引领",
}  # what stands before ： in the names of a kind of figures


def names(indicators: Sequence[Indicator]) -> list[str]:
    """Return what figures in a row are called: 其中… only right behind its whole, elsewhere with the name of that whole."""
    above = [None, *indicators]
    return [_name(one, before) for one, before in zip(indicators, above, strict=False)]


def name_of(row: Progress, above: Progress | None = None) -> str:
    """Return what a figure is called of which something is said: “十个一”活动参加技能竞赛, 完成“双十”任务.

    ``above`` is the figure named right before it.
    """
    kind, _, rest = _name(row.indicator, above and above.indicator).rpartition("：")
    return f"{_KINDS.get(kind, kind)}{rest.removeprefix('已')}"  # nobody lacks what is done


def _name(one: Indicator, above: Indicator | None) -> str:
    if not one.label.startswith(_PART):
        return one.label
    whole = _whole_of(one)
    return one.label if above is whole else f"{whole.label}中的{one.label.removeprefix(_PART)}"


def _whole_of(part: Indicator) -> Indicator:
    """The figure that a 其中… is part of: the last before it that is none itself."""
    codes = list(INDICATORS)
    earlier = (INDICATORS[code] for code in reversed(codes[: codes.index(part.code)]))
    return next(one for one in earlier if not one.label.startswith(_PART))


def listed(rows: Sequence[Progress], words: Callable[[Progress], str]) -> str:
    """Return figures as clauses: ``words`` (数量和单位) behind each name, figures of a kind together behind its name.

    服务企业9家、培训职工30人；“十个一”活动方面，参加技能竞赛3人、拜名师2人.
    """
    called = zip(names([row.indicator for row in rows]), rows, strict=True)
    parted = [(*name.rpartition("：")[::2], row) for name, row in called]
    order = list(dict.fromkeys(["", *(kind for kind, _, _ in parted)]))
    parted.sort(key=lambda part: order.index(part[0]))
    return "；".join(
        _clause(kind, list(found), words) for kind, found in groupby(parted, lambda part: part[0])
    )


def _clause(kind: str, parts: Sequence[tuple[str, str, Progress]], words: Callable[[Progress], str]) -> str:
    text = "、".join(f"{name}{words(row)}" for _, name, row in parts)
    return f"{_KINDS.get(kind, kind)}方面，{text}" if kind else text


@dataclass(frozen=True)
class Voice:
    """When a report speaks: of which year, whether that is over (``closed``), until when the whole programme runs."""

    year: int
    last_year: int
    closed: bool = False

    @classmethod
    def of(cls, frame: Frame) -> Voice:
        """Return the voice of a frame."""
        return cls(frame.year, frame.settings.last_year, frame.is_past)

    def is_missed(self, row: Progress) -> bool:
        """Whether a target of a year that is over was not reached."""
        return self.closed and row.status not in (None, Status.DONE) and not is_programmes(row)

    def is_late(self, row: Progress) -> bool:
        """Whether a target was missed, or lags while there is time."""
        return self.is_missed(row) or row.status in LATE

    def late(self, rows: Sequence[Progress]) -> list[Progress]:
        """Return what was missed or lags, the farthest behind first."""
        return sorted(filter(self.is_late, rows), key=lambda row: row.percent)

    def state(self, row: Progress) -> str:
        """Return how a target stands in words; empty for one not judged."""
        return UNDONE if self.is_missed(row) else row.status_label

    def states(self, rows: Sequence[Progress]) -> list[str]:
        """Return the words by which targets are parted, in order; a year that is over leaves out those it has no use for."""
        if not self.closed:
            return [status.label for status in Status]
        used = {Status.DONE.label, UNDONE, *map(self.state, rows)}
        order = (Status.DONE.label, UNDONE, *(status.label for status in Status if status != Status.DONE))
        return [label for label in order if label in used]

    def gap(self, row: Progress) -> str:
        """How far a row is from its target: 尚缺2家, 到2028年尚缺2家; for a monthly target which months missed it."""
        return f"到{self.last_year}年{self._lack(row)}" if is_programmes(row) else self._lack(row)

    def _lack(self, row: Progress) -> str:
        if row.target.period == TargetPeriod.MONTH:
            return tight(row.note).replace("；", "，")
        lack = row.target.value - Decimal(row.value)
        if lack <= 0:
            return "已达到目标"
        return f"{'缺' if self.is_missed(row) else '尚缺'}{shown(lack)}{row.target.unit}"

    def missing(self, rows: Sequence[Progress]) -> str:
        """What is still to be done, of the year and then of the whole programme: 2026年命名…尚缺2家，到2028年新创建…尚缺9家."""
        parts = [
            (f"{self.year}年", [row for row in rows if not is_programmes(row)]),
            (f"到{self.last_year}年", [row for row in rows if is_programmes(row)]),
        ]
        told = [(when, self._lacks(found)) for when, found in parts if found]
        if len(told) == 1 and not is_programmes(rows[0]):
            return told[0][1]
        return "，".join(f"{when}{lacks}" for when, lacks in told)

    def _lacks(self, rows: Sequence[Progress]) -> str:
        pairs = zip([None, *rows[:-1]], rows, strict=True)
        return "、".join(f"{name_of(row, above)}{self._lack(row)}" for above, row in pairs)


def is_programmes(row: Progress) -> bool:
    """Whether the row's target is that of the whole programme, not of a year."""
    return row.target is not None and row.target.period == TargetPeriod.PROGRAMME


def tight(note: str) -> str:
    """A note as running text: official papers leave no room around figures."""
    return note.replace(" ", "")

"""Targets and how far they are reached: the one calculation behind tiles, pages, workbook and PDF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F

from actions.models import Comparator, ProgrammeSettings, Target, TargetPeriod
from actions.progress.breakdown import by_month
from actions.progress.frame import Frame
from actions.progress.indicator import INDICATORS, Indicator, Number
from actions.progress.months import Months, in_words
from actions.progress.status import Status, percent, reached, status_of
from mofu.registers.columns import shown


@dataclass(frozen=True)
class Progress:
    """An indicator's figure, beside its target where it has one."""

    indicator: Indicator
    value: Number
    url: str
    target: Target | None = None
    percent: int = 0
    pace: int | None = None
    status: Status | None = None
    note: str = ""

    @property
    def label(self) -> str:
        """The Chinese name of the indicator."""
        return self.indicator.label

    @property
    def unit(self) -> str:
        """The unit of the figure (人, 场, 家, 万元)."""
        return self.indicator.unit

    @property
    def shown(self) -> str:
        """The figure as text."""
        return shown(self.value)

    @property
    def goal(self) -> str:
        """The target in words (``≥ 2 场（每月）``); empty where there is none."""
        return self.target.goal if self.target else ""

    @property
    def comparator(self) -> str:
        """What stands before the target's number: ≥ or ≈ (nothing for =), 每月 where each month is bound."""
        if self.target is None:
            return ""
        monthly = "每月" if self.target.period == TargetPeriod.MONTH else ""
        sign = "" if self.target.comparator == Comparator.EXACTLY else self.target.comparator
        return f"{monthly}{sign}"

    @property
    def target_value(self) -> str:
        """The target's number as text, empty where there is none."""
        return shown(self.target.value) if self.target else ""

    @property
    def status_label(self) -> str:
        """The status in words."""
        return self.status.label if self.status else ""


def targets_of(frame: Frame) -> dict[str, Target]:
    """Return the targets of the frame's unit that hold in its year, by indicator; a year's own goes before the programme's."""
    found = Target.objects.unscoped("targets are orders given to units, no personal data").filter(
        org=frame.org
    )
    rows = found.in_year(frame.year).order_by(F("year").asc(nulls_first=True))
    return {_bound(frame, target): target for target in rows}


def _bound(frame: Frame, target: Target) -> str:
    """Return the indicator a target binds: for the monthly sessions the settings say which of two."""
    readings = ProgrammeSettings.SessionsBound.values
    if target.period == TargetPeriod.MONTH and target.indicator in readings:
        return frame.settings.monthly_sessions
    return target.indicator


def progress_of(
    frame: Frame, targets: Mapping[str, Target], indicators: list[Indicator] | None = None
) -> list[Progress]:
    """Return the progress of the given indicators (default: all) against ``targets``, those with targets first."""
    chosen = indicators if indicators is not None else list(INDICATORS.values())
    rows = [measured(frame, found, targets.get(found.code)) for found in chosen]
    return sorted(rows, key=lambda row: row.target is None)


def targets_progress(frame: Frame) -> list[Progress]:
    """Return the progress of what the frame's unit has targets for, in the order of the indicators."""
    targets = targets_of(frame)
    return [measured(frame, found, targets[code]) for code, found in INDICATORS.items() if code in targets]


def measured(frame: Frame, indicator: Indicator, target: Target | None) -> Progress:
    """Return one indicator's progress."""
    if target is None:
        value = indicator.value(frame.within())
        return Progress(indicator, value, frame.link(indicator))
    if target.period == TargetPeriod.MONTH:
        return _monthly(frame, indicator, target)
    programme = target.period == TargetPeriod.PROGRAMME
    value = indicator.value(frame.within(programme=programme))
    elapsed = frame.elapsed(programme=programme)
    return Progress(
        indicator,
        value,
        frame.link(indicator, programme=programme),
        target,
        percent(Decimal(value), target.value),
        int(elapsed * 100),
        status_of(Decimal(value), target.value, target.comparator, elapsed, frame.thresholds)
        if elapsed
        else None,
        _note(frame, target, Decimal(value), programme=programme),
    )


def _note(frame: Frame, target: Target, value: Decimal, *, programme: bool) -> str:
    if frame.year > frame.today.year:
        return "尚未开始"
    if programme:
        return f"全程指标（{frame.settings.first_year}—{frame.settings.last_year} 年）"
    if not frame.elapsed():
        return "行动未启动"
    if target.comparator == Comparator.EXACTLY and value > target.value:
        return f"超出目标 {value - target.value:f} {target.unit}"
    return ""


def _monthly(frame: Frame, indicator: Indicator, target: Target) -> Progress:
    """A target that binds each month: met months against months gone."""
    counts, months = by_month(indicator, frame.within()), frame.months
    met = [
        month
        for month in months.begun
        if reached(Decimal(counts[month]), target.value, target.comparator, frame.thresholds)
    ]
    missed = [month for month in months.full if month not in met]
    due = len(met) + len(missed)
    status = _monthly_status(frame, met, missed) if months.begun else None
    note = _monthly_note(months, met, missed)
    value = sum(counts.values())
    return Progress(
        indicator,
        value,
        frame.link(indicator),
        target,
        percent(Decimal(len(met)), Decimal(due)) if due else 0,
        None,
        status,
        note,
    )


def _monthly_note(months: Months, met: list[int], missed: list[int]) -> str:
    """Say which months had not started, how many full ones reached the target, and how the running one stands."""
    if not months.begun:
        return "行动未启动" if months.idle else "尚未开始"
    words = [f"{in_words(months.idle)}未启动"] if months.idle else []
    if months.full:
        words.append(f"已满 {len(months.full)} 个月，{len(months.full) - len(missed)} 个月达标")
    if missed:
        words.append(f"未达标：{in_words(missed)}")
    if months.running:
        words.append("本月已达标" if months.running in met else "本月尚未达标")
    return "；".join(words)


def _monthly_status(frame: Frame, met: list[int], missed: list[int]) -> Status:
    if not missed:
        return Status.DONE if set(frame.months.binding) <= set(met) else Status.ON_TRACK
    due = len(met) + len(missed)
    return Status.BEHIND if Decimal(len(met)) >= frame.thresholds.behind * due else Status.FAR_BEHIND

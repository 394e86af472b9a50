"""Targets and how far they are reached: the one calculation behind tiles, pages, workbook and PDF."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F

from actions.models import Comparator, ProgrammeSettings, Target, TargetPeriod
from actions.progress.breakdown import by_month
from actions.progress.frame import Frame
from actions.progress.indicator import INDICATORS, Indicator, Number
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


def progress_of(frame: Frame, indicators: list[Indicator] | None = None) -> list[Progress]:
    """Return the progress of the given indicators (default: all), those with targets first."""
    targets = targets_of(frame)
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
    within = frame.within(programme=programme)
    value = indicator.value(within)
    elapsed = within.period.elapsed(frame.today)
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
    if target.comparator == Comparator.EXACTLY and value > target.value:
        return f"超出目标 {value - target.value:f} {target.unit}"
    return ""


def _monthly(frame: Frame, indicator: Indicator, target: Target) -> Progress:
    """A target that binds each month: met months against months gone."""
    counts = by_month(indicator, frame.within())
    gone = months_gone(frame.year, frame.today)
    running = gone if frame.year == frame.today.year and not _last_day(frame.today) else 0
    met = [
        month
        for month in range(1, gone + 1)
        if reached(Decimal(counts[month]), target.value, target.comparator, frame.thresholds)
    ]
    missed = [month for month in range(1, gone + 1) if month not in met and month != running]
    due = len(met) + len(missed)
    status = _monthly_status(frame, len(met), due, missed) if gone else None
    note = _monthly_note(gone, running, met, missed)
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


def _monthly_note(gone: int, running: int, met: list[int], missed: list[int]) -> str:
    """Say how many full months reached the target, which did not, and how the running one stands."""
    if not gone:
        return "尚未开始"
    full = gone - 1 if running else gone
    words = [f"已满 {full} 个月，{full - len(missed)} 个月达标"]
    if missed:
        words.append(f"未达标：{_months(missed)}")
    if running:
        words.append("本月已达标" if running in met else "本月尚未达标")
    return "；".join(words)


def _monthly_status(frame: Frame, met: int, due: int, missed: list[int]) -> Status:
    if not missed:
        return Status.DONE if met >= 12 else Status.ON_TRACK
    return Status.BEHIND if Decimal(met) >= frame.thresholds.behind * due else Status.FAR_BEHIND


def months_gone(year: int, today: date) -> int:
    """Return how many months of ``year`` have begun by ``today``."""
    if year < today.year:
        return 12
    return today.month if year == today.year else 0


def _last_day(day: date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]


def _months(months: list[int]) -> str:
    return "、".join(f"{month}月" for month in months)

"""Targets and how far they are reached: the one calculation behind tiles, pages, workbook and PDF."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from actions.models import Comparator, Target, TargetPeriod
from actions.progress.forecast import Forecast, forecast
from actions.progress.frame import Frame
from actions.progress.indicator import Indicator, Number
from actions.progress.months import Months, in_words
from actions.progress.reading import Reading
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
    before: Number | None = None
    forecast: Forecast | None = None

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
    def compared(self) -> str:
        """The figure of the year before and the change since, in words; empty where it was not read."""
        if self.before is None or (self.target and self.target.period == TargetPeriod.PROGRAMME):
            return ""
        change = self.value - self.before
        grown = f"（{change / self.before * 100:+.0f}%）" if self.before else ""
        return f"{'上年末' if self.indicator.standing else '上年同期'} {shown(self.before)}，{'增加' if change >= 0 else '减少'} {shown(abs(change))}{grown}"

    @property
    def status_label(self) -> str:
        """The status in words."""
        return self.status.label if self.status else ""


def progress_of(reading: Reading) -> list[Progress]:
    """Return the progress of every indicator read, those with targets first."""
    rows = [measured(reading, found) for found in reading.indicators]
    return sorted(rows, key=lambda row: row.target is None)


def measured(reading: Reading, indicator: Indicator) -> Progress:
    """Return one indicator's progress."""
    frame, target = reading.frame, reading.target(indicator)
    value, before = reading.value(indicator), reading.before(indicator)
    if target is None:
        return Progress(indicator, value, frame.link(indicator), before=before)
    if target.period == TargetPeriod.MONTH:
        return _monthly(reading, indicator, target)
    programme = target.period == TargetPeriod.PROGRAMME
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
        before,
        _forecast(frame, indicator, target, value, programme=programme),
    )


def _forecast(
    frame: Frame, indicator: Indicator, target: Target, value: Number, *, programme: bool
) -> Forecast | None:
    running = frame.within(programme=programme).period.since(frame.settings.started_on)
    met = reached(Decimal(value), target.value, target.comparator, frame.thresholds)
    if running is None or met or indicator.standing:
        return None
    return forecast(value, target.value, running, frame.today, target.unit or "")


def _note(frame: Frame, target: Target, value: Decimal, *, programme: bool) -> str:
    if frame.year > frame.today.year:
        return "尚未开始"
    if programme:
        if not frame.elapsed(programme=True):
            return "行动未启动"
        whole = f"全程指标（{frame.settings.first_year}—{frame.settings.last_year} 年）"
        return f"{whole}，截至 {frame.year} 年底" if frame.is_past else whole
    if not frame.elapsed():
        return "行动未启动"
    if target.comparator == Comparator.EXACTLY and value > target.value:
        return f"超出目标 {value - target.value:f} {target.unit}"
    return ""


def _monthly(reading: Reading, indicator: Indicator, target: Target) -> Progress:
    """A target that binds each month: met months against months gone."""
    frame = reading.frame
    counts, months = reading.figures.by_month(indicator.code), frame.months
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
        reading.before(indicator),
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

"""Targets and how far they are reached: the one calculation behind tiles, pages, workbook and PDF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from actions.models import Comparator, Target, TargetPeriod
from actions.progress.forecast import Forecast, forecast
from actions.progress.frame import Frame
from actions.progress.indicator import Indicator, Number
from actions.progress.months import Months, in_words
from actions.progress.reading import Reading, span_of
from actions.progress.status import Status, percent, reached, status_of
from mofu.accounts.models import Organization
from mofu.registers.columns import shown


@dataclass(frozen=True)
class Progress:
    """An indicator's figure, beside its target where it has one.

    ``before`` is the figure of the year before, ``before_of`` says of what part of it (``上年1—11月``).
    """

    indicator: Indicator
    value: Number
    url: str
    target: Target | None = None
    percent: int = 0
    pace: int | None = None
    status: Status | None = None
    note: str = ""
    before: Number | None = None
    before_of: str = ""
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
        return f"{self.before_of} {shown(self.before)}，{'增加' if change >= 0 else '减少'} {shown(abs(change))}{grown}"

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
    counts = Counts(
        reading.value(indicator), reading.figures.by_month(indicator.code), reading.before(indicator)
    )
    return judged(reading.frame, indicator, reading.target(indicator), counts)


def measured_in(reading: Reading, indicator: Indicator, part: Organization) -> Progress | None:
    """Return the progress of a unit right below the frame's, against that unit's own target; None where it has none."""
    target = reading.part_targets.get(part.pk, {}).get(indicator.code)
    if target is None:
        return None
    counts = Counts(
        reading.figures.by_part(indicator.code, span_of(target)).get(part.path, 0),
        reading.figures.by_month(indicator.code, part=part.path),
    )
    return judged(replace(reading.frame, org=part), indicator, target, counts)


@dataclass(frozen=True)
class Counts:
    """What is held against a target: the figure of its span, of each month of the year, and of the year before."""

    value: Number
    months: Mapping[int, Number]
    before: Number | None = None


def judged(frame: Frame, indicator: Indicator, target: Target | None, counts: Counts) -> Progress:
    """Return how a figure of the frame's unit stands; the one place where a target is judged."""
    before_of = "上年末" if indicator.standing else frame.before_words
    if target is None:
        return Progress(
            indicator, counts.value, frame.link(indicator), before=counts.before, before_of=before_of
        )
    if target.period == TargetPeriod.MONTH:
        return replace(_monthly(frame, indicator, target, counts), before_of=before_of)
    programme, value = target.period == TargetPeriod.PROGRAMME, counts.value
    elapsed = frame.elapsed(programme=programme)
    expected = 0.0 if frame.is_fresh(programme=programme) else elapsed
    return Progress(
        indicator,
        value,
        frame.link(indicator, programme=programme),
        target,
        percent(Decimal(value), target.value),
        int(elapsed * 100),
        status_of(Decimal(value), target.value, target.comparator, expected, frame.thresholds)
        if elapsed
        else None,
        _note(frame, target, Decimal(value), programme=programme),
        counts.before,
        before_of,
        _forecast(frame, indicator, target, value, programme=programme),
    )


def _forecast(
    frame: Frame, indicator: Indicator, target: Target, value: Number, *, programme: bool
) -> Forecast | None:
    running = frame.within(programme=programme).period.since(frame.settings.started_on)
    met = reached(Decimal(value), target.value, target.comparator, frame.thresholds)
    if running is None or met or indicator.standing:
        return None
    return forecast(value, target.value, running, frame.today, target.unit or "", goes_on=programme)


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
    if frame.is_fresh():
        return "刚开始不足一个月，暂不评判快慢"
    if target.comparator == Comparator.EXACTLY and value > target.value:
        return f"超出目标 {shown(value - target.value)} {target.unit}"
    return ""


def _monthly(frame: Frame, indicator: Indicator, target: Target, counts: Counts) -> Progress:
    """A target that binds each month: met months against months gone."""
    months = frame.months
    met = [
        month
        for month in months.begun
        if reached(Decimal(counts.months[month]), target.value, target.comparator, frame.thresholds)
    ]
    missed = [month for month in months.full if month not in met]
    due = len(met) + len(missed)
    return Progress(
        indicator,
        counts.value,
        frame.link(indicator),
        target,
        percent(Decimal(len(met)), Decimal(due)) if due else 0,
        None,
        _monthly_status(frame, met, missed) if months.begun else None,
        _monthly_note(months, met, missed),
        counts.before,
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

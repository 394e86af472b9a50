"""One reading of the figures: what a page, a sheet and a section of a report say about some indicators in a frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from django.db.models import F

from actions.models import ProgrammeSettings, Target, TargetPeriod
from actions.progress.figures import Asked, Figures, Span, read
from actions.progress.frame import Frame
from actions.progress.indicator import INDICATORS, Indicator, Number
from mofu.accounts.models import Organization


class Reading:
    """Some indicators in a frame, with their targets and every figure about them, read once and together.

    ``indicators``: by default all but readings of another figure that no target binds. ``months``: whether figures are told apart by month; ``before``: whether the year
    before is read too, to compare with. A target of the whole programme is compared with the programme's figure.
    """

    def __init__(
        self,
        frame: Frame,
        indicators: Sequence[Indicator] | None = None,
        *,
        months: bool = True,
        before: bool = False,
    ) -> None:
        self.frame, self.targets = frame, targets_of(frame)
        self._months, self._before = months, before
        if indicators is None:
            self.indicators = [found for found in INDICATORS.values() if self._is_shown(found)]
        else:
            self.indicators = list(indicators)

    def only(self, *, campaign: str = "", bound: bool = False, also: Sequence[str] = ()) -> Reading:
        """Narrow, before anything is read, to one action's indicators or to those a target binds; return itself.

        A target of a unit right below counts as well. ``also`` are codes that stay whether a target binds them or not.
        """
        if campaign:
            self.indicators = [found for found in self.indicators if found.campaign == campaign]
        if bound:
            self.indicators = [
                found for found in self.indicators if self._is_bound(found) or found.code in also
            ]
        return self

    def target(self, indicator: Indicator) -> Target | None:
        """Return what binds the frame's unit, None where nothing does."""
        return self.targets.get(indicator.code)

    @cached_property
    def part_targets(self) -> dict[int, dict[str, Target]]:
        """The targets of the units right below the frame's, by the unit's key and the indicator."""
        return _targets(self.frame, org__parent=self.frame.org)

    def span(self, indicator: Indicator) -> Span:
        """Return what the figure beside the target is counted over: the year, or all years of the programme."""
        return span_of(self.target(indicator))

    def value(self, indicator: Indicator) -> Number:
        """Return the figure that stands beside the target."""
        return self.figures.value(indicator.code, self.span(indicator))

    def before(self, indicator: Indicator) -> Number | None:
        """Return the figure of the year before up to the same month, None where it is not compared."""
        if not self._is_compared(indicator):
            return None
        months = self.figures.by_month(indicator.code, "before")
        if not indicator.dated or self.frame.year != self.frame.today.year:
            return sum(months.values(), start=0)
        return sum((figure for month, figure in months.items() if month <= self.frame.today.month), start=0)

    @cached_property
    def figures(self) -> Figures:
        """All figures, read with one query on first use."""
        return read(self._asked(), depth=self.frame.depth, months=self._months)

    def _asked(self) -> Iterator[Asked]:
        within, programme = self.frame.within(), self.frame.within(programme=True)
        for indicator in self.indicators:
            yield Asked(indicator, within)
            if any(span_of(target) == "programme" for target in self._binding(indicator)):
                yield Asked(indicator, programme, "programme")
            if self._is_compared(indicator):
                yield Asked(indicator, self.frame.before, "before")

    def _is_compared(self, indicator: Indicator) -> bool:
        """Whether the year before says something: not beside part of a year of a figure that knows no months."""
        whole_year = self.frame.year < self.frame.today.year
        return self._before and (bool(indicator.dated) or indicator.standing or whole_year)

    def _is_shown(self, indicator: Indicator) -> bool:
        return not indicator.only_with_target or self._is_bound(indicator)

    def _is_bound(self, indicator: Indicator) -> bool:
        return any(True for _ in self._binding(indicator))

    def _binding(self, indicator: Indicator) -> Iterator[Target]:
        """Yield the indicator's targets of the frame's unit and of those right below it."""
        for targets in (self.targets, *self.part_targets.values()):
            if indicator.code in targets:
                yield targets[indicator.code]


def span_of(target: Target | None) -> Span:
    """Return what a figure is counted over beside its target; without one, the year."""
    return "programme" if target is not None and target.period == TargetPeriod.PROGRAMME else "year"


def targets_of(frame: Frame) -> dict[str, Target]:
    """Return the targets of the frame's unit that hold in its year, by indicator."""
    return _targets(frame, org=frame.org).get(frame.org.pk, {})


def _targets(frame: Frame, **of: Organization) -> dict[int, dict[str, Target]]:
    """Return the targets of some units that hold in the frame's year; a year's own goes before the programme's."""
    found = Target.objects.unscoped("targets are orders given to units, no personal data").filter(**of)
    by_unit: dict[int, dict[str, Target]] = {}
    for target in found.in_year(frame.year).order_by(F("year").asc(nulls_first=True)):
        by_unit.setdefault(target.org_id, {})[_bound(frame, target)] = target
    return by_unit


def _bound(frame: Frame, target: Target) -> str:
    """Return the indicator a target binds: for the monthly sessions the settings say which of two."""
    readings = ProgrammeSettings.SessionsBound.values
    if target.period == TargetPeriod.MONTH and target.indicator in readings:
        return frame.settings.monthly_sessions
    return target.indicator

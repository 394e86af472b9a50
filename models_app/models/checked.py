"""Sanity rules that every record shares: dates that have passed, dates in their order, years within reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from mofu.registers.periods import today

FIRST_YEAR = 1949  # honours, units and events of the association begin with the People's Republic


class Checked(models.Model):
    """A model that says which of its dates lie in the past and which follow each other.

    ``past_dates`` names dates that cannot lie in the future; ``ordered_dates`` holds pairs
    (earlier, later); ``years_ahead`` says of each year how many years it may lie ahead of the present one.
    No past date and no year lies before ``first_year``. :meth:`problems` adds a model's own rules. All messages
    stand at their field.
    """

    first_year = FIRST_YEAR
    years_ahead: dict[str, int] = {}
    past_dates: tuple[str, ...] = ()
    ordered_dates: tuple[tuple[str, str], ...] = ()

    class Meta:
        abstract = True

    def problems(self) -> dict[str, str]:
        """Return field name → Chinese message for every broken rule of this model."""
        return {}

    def duplicates(self) -> dict[str, str]:
        """Return field name → message where another record says the same; asks the database, unlike :meth:`problems`."""
        return {}

    def validate_constraints(self, exclude: set[str] | None = None) -> None:
        """Raise ValidationError where the database's constraints or :meth:`duplicates` speak against this record."""
        found = self.duplicates()  # asked first: its messages stand at their fields
        if found:
            raise ValidationError(found)
        super().validate_constraints(exclude)

    def clean(self) -> None:
        """Raise ValidationError with the messages of all broken rules at their fields."""
        super().clean()
        found = self._wrong_years() | self._ancient_dates() | self._future_dates()
        found |= self._reversed_dates() | self.problems()
        if found:
            raise ValidationError(found)

    def _wrong_years(self) -> dict[str, str]:
        found = {}
        for name, ahead in self.years_ahead.items():
            year, last = getattr(self, name), today().year + ahead
            if year is None or self.first_year <= year <= last or self._is_refused(name, year):
                continue
            found[name] = f"{self._label(name)}应在{self.first_year}年至{last}年之间，请核对。"
        return found

    def _is_refused(self, name: str, value: Any) -> bool:
        """Whether the field's own validators refuse the value, so that nothing is said twice."""
        try:
            self._meta.get_field(name).run_validators(value)
        except ValidationError:
            return True
        return False

    def _ancient_dates(self) -> dict[str, str]:
        dates = {name: _iso(getattr(self, name)) for name in self.past_dates}
        early = [name for name, text in dates.items() if text and text < str(self.first_year)]
        return {name: f"{self._label(name)}不能早于{self.first_year}年，请核对。" for name in early}

    def _future_dates(self) -> dict[str, str]:
        now = today().isoformat()
        late = [name for name in self.past_dates if _iso(getattr(self, name)) > now]
        return {name: f"{self._label(name)}不能晚于今天。" for name in late}

    def _reversed_dates(self) -> dict[str, str]:
        found = {}
        for first, last in self.ordered_dates:
            begin, end = _iso(getattr(self, first)), _iso(getattr(self, last))
            # Dates known only to the year or month are compared as far as both are known.
            if begin and end and end < begin[: len(end)]:
                found[last] = f"{self._label(last)}不能早于{self._label(first)}。"
        return found

    def _label(self, name: str) -> str:
        return str(self._meta.get_field(name).verbose_name)


def _iso(value: Any) -> str:
    """Return a date or partial date in ISO form, empty for none."""
    return value.isoformat() if isinstance(value, date) else str(value or "")

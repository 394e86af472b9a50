"""Dates known only to the year or the month, as old rosters have them.

A :class:`PartialDate` is text in ISO order (``2024``, ``2024-06`` or ``2024-06-22``): it sorts by time,
keeps its precision and can be compared with a period's ends.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

_FULL_WIDTH = str.maketrans("０１２３４５６７８９．－／", "0123456789.-/")
_SHAPE = re.compile(r"^(\d{4})(?:[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月?)?|年?)$")
MESSAGE = "请填写年、年月或年月日，例如 2024、2024.6、2024-06-22 或 2024年6月22日。"


class PartialDate(str):
    """A year, a month or a day; ``str`` in ISO form, :meth:`shown` in Chinese."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read what people write; raise ValueError with a Chinese message when it is no date."""
        match = _SHAPE.match(str(text).strip().translate(_FULL_WIDTH).replace(" ", ""))
        if not match:
            raise ValueError(MESSAGE)
        year, month, day = (int(part) if part else None for part in match.groups())
        try:
            date(year, month or 1, day or 1)
        except ValueError:
            raise ValueError(f"没有“{text}”这一天。{MESSAGE}") from None
        parts = [f"{year:04d}"] + [f"{part:02d}" for part in (month, day) if part]
        return cls("-".join(parts))

    @property
    def year(self) -> int:
        """The year, always known."""
        return int(self[:4])

    @property
    def earliest(self) -> date:
        """The first day it can mean."""
        parts = [int(part) for part in self.split("-")]
        return date(*([*parts, 1, 1])[:3])

    def shown(self) -> str:
        """Return ``2024年``, ``2024年6月`` or ``2024年6月22日``."""
        parts = [str(int(part)) for part in self.split("-")]
        return "".join(part + unit for part, unit in zip(parts, "年月日", strict=False))


class PartialDateFormField(forms.CharField):
    """A text box that takes any usual way of writing a date or part of one."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "可只填年或年月，如 2024、2024.6")
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> PartialDate | str:
        if isinstance(value, PartialDate):
            return value
        text = super().to_python(value)
        if not text:
            return ""
        try:
            return PartialDate.parse(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class PartialDateField(models.CharField):
    """Column for a :class:`PartialDate`; empty text when unknown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 10
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *_: Any) -> PartialDate | str:
        return PartialDate(value) if value else ""

    def to_python(self, value: Any) -> PartialDate | str:
        if isinstance(value, PartialDate) or not value:
            return value or ""
        try:
            return PartialDate.parse(str(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def formfield(self, **kwargs: Any) -> forms.Field:
        return super().formfield(**({"form_class": PartialDateFormField} | kwargs))

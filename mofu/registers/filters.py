"""Filters of the registers: search, unit, year and review state for all, declared fields on top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters as filters
from django import forms
from django.db import models
from django_filters.filterset import remote_queryset

from mofu.accounts.models import Organization
from mofu.accounts.scope import ScopedModel
from mofu.registers.forms import PickerSelect, narrow
from mofu.registers.plain_select import RENDERER
from mofu.registers.records import ReviewedRecord, ReviewState

if TYPE_CHECKING:
    from django.http import HttpRequest


LONGEST_SEARCH = 100  # characters of a search; SQLite refuses patterns of tens of thousands
FIRST_YEAR, LAST_YEAR = 1900, 2200
FIRST = ("q", "org", "year", "review_state")


class RegisterFilter(filters.FilterSet):
    """Base of all register filters; ``data`` is the query string, ``request.user`` narrows choices."""

    # One choice at a time also where a record may have several: a plain select, and words that read well.
    FILTER_DEFAULTS = filters.FilterSet.FILTER_DEFAULTS | {
        models.ManyToManyField: {
            "filter_class": filters.ModelChoiceFilter,
            "extra": lambda field: {"queryset": remote_queryset(field)},
        }
    }

    q = filters.CharFilter(label="搜索", method="filter_q")
    org = filters.CharFilter(label="单位", method="filter_org")
    year = filters.NumberFilter(label="年度", method="filter_year")

    def __init__(self, data: Any, queryset: models.QuerySet, *, request: HttpRequest) -> None:
        super().__init__(data, queryset, request=request)
        self.form.renderer = RENDERER
        box = self.form.fields["q"].widget
        box.input_type, box.attrs["placeholder"] = "search", "姓名、拼音首字母、单位"
        self._offer_boards()
        if not getattr(self.queryset.model, "year_field", ""):
            del self.form.fields["year"]
        narrow(self.form, request.user)
        for field in self.form.fields.values():
            if isinstance(field.widget, PickerSelect):
                field.widget.whole_when_short = True
            elif isinstance(field, forms.NullBooleanField):
                field.widget.choices = [("unknown", "全部"), ("true", "是"), ("false", "否")]

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """The boxes always in sight: search, unit, year, review state."""
        return [self.form[name] for name in FIRST if name in self.form.fields]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """The boxes behind “更多筛选”."""
        return [self.form[name] for name in self.form.fields if name not in FIRST]

    @property
    def more_in_use(self) -> bool:
        """Whether one of those is filled in, so that they should be open."""
        return any(self.form.data.get(field.name) for field in self.more_fields)

    def _offer_boards(self) -> None:
        """Offer the boards the user sees; any other visible unit code in the address works as well."""
        if not issubclass(self.queryset.model, ScopedModel):
            del self.form.fields["org"]
            return
        boards = Organization.objects.visible_to(self.request.user).boards().values_list("code", "name")
        choices = [("", "全部单位"), *boards]
        wanted = self.form.data.get("org", "")
        if wanted and wanted not in dict(choices):
            unit = Organization.objects.visible_to(self.request.user).filter(code=wanted).first()
            choices += [(wanted, unit.name)] if unit else []
        self.form.fields["org"].widget = forms.Select(choices=choices)

    def filter_q(self, queryset: models.QuerySet, _name: str, value: str) -> models.QuerySet:
        """Search as the model knows how."""
        text = value[:LONGEST_SEARCH]
        return queryset.search(text) if hasattr(queryset, "search") else queryset.filter(name__contains=text)

    def filter_org(self, queryset: models.QuerySet, _name: str, value: str) -> models.QuerySet:
        """Keep a unit and all below it; a unit the user may not see leaves nothing."""
        unit = Organization.objects.visible_to(self.request.user).filter(code=value).first()
        return queryset.within(unit.path) if unit else queryset.none()

    def filter_year(self, queryset: models.QuerySet, _name: str, value: Any) -> models.QuerySet:
        """Keep a programme year."""
        year = int(value)
        if not FIRST_YEAR <= year <= LAST_YEAR:
            return queryset.none()
        return queryset.in_year(year) if hasattr(queryset, "in_year") else queryset


class ReviewedFilter(RegisterFilter):
    """The filter of registers that are reviewed."""

    review_state = filters.ChoiceFilter(label="审核状态", choices=ReviewState, empty_label="全部")


def filterset_for(
    model: type[models.Model], base: type[RegisterFilter], names: tuple[str, ...]
) -> type[RegisterFilter]:
    """Return the filter class of a model: ``base`` (with review state where there is one) and the named fields."""
    bases: tuple[type, ...] = (base,)
    if issubclass(model, ReviewedRecord) and not issubclass(base, ReviewedFilter):
        bases = (ReviewedFilter,) if base is RegisterFilter else (base, ReviewedFilter)
    meta = type(
        "Meta", (), {"model": model, "fields": [name for name in names if name not in base.declared_filters]}
    )
    return type(f"{model.__name__}Filter", bases, {"Meta": meta, "__module__": __name__})

"""What a list shows: rows, columns and order that a query string means to one user.

The page, the export, the job that exports in the background and the change of many records ask the same question here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db import models
from django.http import Http404, QueryDict
from django.utils import timezone

from mofu.accounts.models import User
from mofu.registers import drilldown, tables
from mofu.registers.columns import Column
from mofu.registers.forms import keys_among
from mofu.registers.models import ListPreference, SavedView
from mofu.registers.register import Register
from mofu.registers.typed_numbers import holds_number

APPLIED_BY_FIGURE = ("org", "year")  # a drill-down has narrowed to these already
NO_FILTERS = ("view", "sort", "page", "size", "export", "csrfmiddlewaretoken")
NO_VIEW = ("", "0")
NO_NUMBERS = "身份证号、电话、账号不能这样搜索：号码不会用来查找，也不会保留。请按姓名、拼音首字母或单位查找，再打开记录核对。"
NOT_FOUND = "没有这个视图，或它没有与您共享。"


@dataclass(frozen=True)
class Asker:
    """What filters need of a request: who asks."""

    user: User


class Listing:
    """The list of ``register`` that ``query`` means to ``user``.

    ``has_number`` tells that a search held a personal number: it is forgotten, nothing is found, see ``NO_NUMBERS``.
    ``query`` may name a view (``view=<pk>``); what it says itself goes before what the view says. Filters and columns of
    the view that no longer exist are left out, with a word in ``notes``. Raises Http404 for a view that the user may
    not use.
    """

    def __init__(self, register: Register, query: QueryDict, user: User) -> None:
        self.register, self.query, self.user = register, query, user
        self.notes: list[str] = []
        self.view = view_of(register, query, user)
        self.filters = self._merged()
        self.has_number = self._forget_numbers()
        self.drill = self._drill()
        self.filterset = register.filterset(self._filter_data(), self._base_rows(), request=Asker(user))
        if self.drill:
            for name in APPLIED_BY_FIGURE:
                self.filterset.form.fields.pop(name, None)
        self.filtered: models.QuerySet = self.filterset.qs.none() if self.has_number else self.filterset.qs
        self._note_faults()
        self.columns = self._columns()
        self.sort = query.get("sort") or (self.view.sort if self.view else "")

    @cached_property
    def preference(self) -> ListPreference | None:
        """How the user set this list up."""
        return ListPreference.objects.filter(user=self.user, slug=self.register.slug).first()

    @property
    def rows(self) -> models.QuerySet:
        """The rows in the order of the list."""
        return tables.ordered(self.filtered, self.register, self.sort)

    @property
    def page_size(self) -> int:
        """Rows on a page: what the address asks for, else the view, else the user's choice."""
        asked = self.query.get("size", "")
        if asked in map(str, tables.PAGE_SIZES):
            return int(asked)
        chosen = self.view or self.preference
        return chosen.page_size if chosen else 50

    @property
    def title(self) -> str:
        """The heading of an exported sheet."""
        return (self.view.title if self.view else "") or f"{self.register.title}台账"

    @property
    def words(self) -> str:
        """The figure behind the rows and the active filters, in words."""
        return " ".join(filter(None, (self.drill.title if self.drill else "", words(self.filterset))))

    @property
    def is_whole(self) -> bool:
        """Whether every filter was understood; a broken one would widen what is changed with one click."""
        return not (self.filterset.form.errors or self.has_number)

    @property
    def is_misasked(self) -> bool:
        """Whether a filter of the address itself was not understood; what is stale in a view is left out with a note."""
        return self.has_number or any(name in self.query for name in self.filterset.form.errors)

    @cached_property
    def address(self) -> str:
        """The query string that means the same rows, columns and order once more."""
        found = self.filters.copy()
        if self.sort:
            found["sort"] = self.sort
        if self.view:
            found["view"] = str(self.view.pk)
        if "size" in self.query:
            found["size"] = str(self.page_size)
        return found.urlencode()

    def _merged(self) -> QueryDict:
        """Return the filters: the view's, then what the address says, then the year a list starts with."""
        found = QueryDict(mutable=True)
        for name, values in _lists(self.view.query if self.view else ""):
            if _holds_number(name, values):
                self.notes.append("视图的筛选条件中有身份证号、电话或账号，没有采用；请更新或删除这个视图。")
            elif name in self.register.filterset.base_filters or name in drilldown.PARAMETERS:
                found.setlist(name, values)
            else:
                self.notes.append(f"视图中的筛选条件“{name}”已不存在，没有采用。")
        for name, values in self.query.lists():
            if name not in NO_FILTERS:
                found.setlist(name, values)
        if self.register.starts_with_this_year:
            found.setdefault("year", str(timezone.localdate().year))
        return found

    def _forget_numbers(self) -> bool:
        """Drop searches that hold a personal number, which finds nothing; whether there was one.

        They would stand in addresses, on the trail and in views, in the clear.
        """
        held = [name for name, values in self.filters.lists() if _holds_number(name, values)]
        for name in held:
            del self.filters[name]
        return bool(held)

    def _drill(self) -> drilldown.Drill | None:
        try:
            return drilldown.drill(self.filters, self.user)
        except Http404:
            if "indicator" in self.query:
                raise
            self.filters.pop("indicator")
            self.notes.append("视图所依据的指标已不存在，没有采用。")
            return None

    def _filter_data(self) -> QueryDict:
        """Return the filters without what the figure behind a drill-down has applied already."""
        data = self.filters.copy()
        if self.drill:
            for name in APPLIED_BY_FIGURE:
                data.pop(name, None)
        return data

    def _base_rows(self) -> models.QuerySet:
        rows = self.register.rows(self.user)
        if self.drill is None:
            return rows
        if self.drill.rows.model is not self.register.model:
            return rows.none()
        return rows.filter(pk__in=self.drill.rows.values("pk"))

    def _note_faults(self) -> None:
        form = self.filterset.form
        for name in form.errors if self.view else ():
            if name in form.fields and name not in self.query:
                self.notes.append(f"视图中“{form.fields[name].label}”的筛选值已失效，没有采用。")

    def _columns(self) -> list[Column]:
        return self.register.seen_by(self.user, self._chosen_columns())

    def _chosen_columns(self) -> list[Column]:
        if self.view is None:
            return self.register.chosen_columns(self.preference.columns if self.preference else ())
        columns, missing = columns_of(self.register, self.view.columns)
        if missing:
            self.notes.append(f"视图中的 {missing} 列已不存在，没有显示。")
        return columns


def columns_of(register: Register, chosen: Sequence[Sequence[str]]) -> tuple[list[Column], int]:
    """Return the columns of a view under its own titles, and how many of them no longer exist."""
    found = [
        replace(register.all_columns[name], label=title or register.all_columns[name].label)
        for name, title in chosen
        if name in register.all_columns
    ]
    return found or register.chosen_columns(()), len(chosen) - len(found)


def view_of(register: Register, query: QueryDict, user: User) -> SavedView | None:
    """Return the view a query string names, None when it names none; Http404 when the user may not use it."""
    asked = query.get("view", "")
    if asked in NO_VIEW:
        return None
    known = SavedView.objects.usable_by(user).filter(slug=register.slug)
    found = known.filter(pk__in=keys_among([asked])).first()
    if found is None:
        raise Http404(NOT_FOUND)
    return found


def views_for(register: Register, user: User) -> list[SavedView]:
    """Return the views of a register that the user may choose, their own first."""
    found = SavedView.objects.usable_by(user).filter(slug=register.slug).select_related("owner")
    return sorted(found, key=lambda view: view.owner_id != user.pk)


def _holds_number(name: str, values: Sequence[str]) -> bool:
    """Whether a filter holds a personal number; codes of units and of figures are none."""
    return name not in (*drilldown.PARAMETERS, "org") and any(map(holds_number, values))


def _lists(query: str) -> list[tuple[str, list[str]]]:
    return list(QueryDict(query).lists())


def words(filterset: Any) -> str:
    """Return the active filters in words, for the page and above exported tables."""
    form = filterset.form
    if not form.is_bound or not form.is_valid():
        return ""
    found = []
    for name, value in form.cleaned_data.items():
        if value in (None, "", []) or name not in form.fields:
            continue
        found.append(f"{form.fields[name].label}：{_word(form, name, value)}")
    return "；".join(found)


def _word(form: Any, name: str, value: Any) -> str:
    field = form.fields[name]
    choices = dict(getattr(field.widget, "choices", None) or []) if not hasattr(field, "queryset") else {}
    return str(choices.get(value, choices.get(str(value), value)))

"""A register (台账): one declaration from which list, detail, form, review, export and URLs come.

A record type is declared in ``<app>/registers/<noun>.py`` by a subclass with the :func:`register`
decorator; class attributes say all there is to say. Views live in ``mofu/registers/views``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.urls import reverse

from mofu.accounts.models import User
from mofu.accounts.policy import DataClass, Right, Use, may, may_use
from mofu.accounts.scope import ScopedModel, SystemActor
from mofu.registers.columns import Column
from mofu.registers.duplicate_rules import Rule
from mofu.registers.filters import RegisterFilter, filterset_for
from mofu.registers.forms import RecordForm
from mofu.registers.inlines import Inline
from mofu.registers.records import Record, ReviewedRecord
from mofu.registers.sheets import matching
from mofu.registers.sheets.side import Side

if TYPE_CHECKING:
    from mofu.registers.sheets.heads import Layout
    from mofu.registers.sheets.shapes import Shape

REGISTERS: dict[str, Register] = {}


@dataclass(frozen=True)
class Section:
    """A titled group of fields on the form and on the record's page."""

    title: str
    fields: tuple[str, ...]


# Completes a row's own values and those of its side records; returns notes for the user.
Tidier = Callable[[dict[str, Any], dict[str, dict[str, Any]]], list[str]]


@cache
def _address(name: str) -> str:
    """Return the address of a page without a record; every page's menu asks for twenty of them."""
    return reverse(name)


class Register:
    """The declaration of one record type. Labels come from the model's ``verbose_name``."""

    slug: ClassVar[str]
    model: ClassVar[type[models.Model]]
    group: ClassVar[str] = ""
    order: ClassVar[int] = 100
    icon: ClassVar[str] = "table"
    intro: ClassVar[str] = ""
    columns: ClassVar[Sequence[Column | str]] = ()
    default_columns: ClassVar[Sequence[str]] = ()
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)
    sections: ClassVar[Sequence[Section]] = ()
    filter_fields: ClassVar[Sequence[str]] = ()
    filterset_base: ClassVar[type[RegisterFilter]] = RegisterFilter
    form_base: ClassVar[type[RecordForm]] = RecordForm
    inlines: ClassVar[Sequence[Inline]] = ()
    takes_files: ClassVar[bool] = False
    city_only: ClassVar[bool] = False
    starts_with_this_year: ClassVar[bool] = False
    detail_template: ClassVar[str] = "registers/detail.html"
    list_template: ClassVar[str] = "registers/list.html"
    erasable: ClassVar[bool] = False  # people: their data may be erased on request (erasure, erase)
    secret_fields: ClassVar[dict[str, DataClass]] = {}  # numbers that are masked, each with its class of data
    key_fields: ClassVar[Sequence[matching.Key]] = ()  # import: what tells records apart; else what is unique
    sheet_synonyms: ClassVar[dict[str, tuple[str, ...]]] = {}  # import: further headers of a field
    sheet_fallbacks: ClassVar[dict[str, str]] = {}  # import: where a name goes that is not registered
    sheet_known_units: ClassVar[Sequence[str]] = ()  # import: fields whose units are never made by a row
    sheet_sides: Sequence[Side] = ()  # import: columns that belong to other records
    sheet_readers: ClassVar[
        dict[str, Callable[[Any], Any]]
    ] = {}  # import: fields whose cells are read otherwise
    duplicate_rules: ClassVar[Sequence[Rule]] = ()  # by what two records may be one; none: never compared
    duplicate_columns: ClassVar[
        Sequence[Column | str]
    ] = ()  # what the duplicate queue shows besides the name
    distinct_words: ClassVar[str] = "不是同一条"  # what a user says of two records that only look alike
    batch_fields: ClassVar[Sequence[str]] = ()  # fields of the form that may be set for many records at once

    # names -------------------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """The Chinese name of the record type."""
        return str(self.model._meta.verbose_name)

    @property
    def reviewed(self) -> bool:
        """Whether records pass 草稿 → 待审 → 通过."""
        return issubclass(self.model, ReviewedRecord)

    @property
    def has_year(self) -> bool:
        """Whether records belong to a programme year."""
        return bool(getattr(self.model, "year_field", ""))

    def url(self, page: str, pk: Any = None) -> str:
        """Return the address of one of this register's pages (``list``, ``new``, ``detail``, ``edit`` …)."""
        return (
            _address(f"registers:{self.slug}-{page}")
            if pk is None
            else reverse(f"registers:{self.slug}-{page}", args=[pk])
        )

    # rows and rights ----------------------------------------------------------------------------------

    def rows(self, user: User | SystemActor) -> models.QuerySet:
        """Return the records that ``user`` may see; dictionaries belong to everybody."""
        if issubclass(self.model, ScopedModel):
            return self.model.objects.visible_to(user)
        return self.model.objects.all()

    def may_see(self, user: User) -> bool:
        """Whether ``user`` may open lists and records of this register."""
        return may(user, Right.SEE_RECORDS)

    def may_enter(self, user: User) -> bool:
        """Whether ``user`` may create, change and delete records here."""
        return may(user, Right.ENTER_CITY if self.city_only else Right.ENTER)

    def may_review(self, user: User) -> bool:
        """Whether ``user`` may approve and return records here."""
        return self.reviewed and may(user, Right.REVIEW)

    def may_use(self, user: User | SystemActor, use: Use, name: str) -> bool:
        """Whether ``user`` may do that with the values of a field or column; only secret ones are restricted."""
        data = self.secret_fields.get(name.removeprefix("masked_"))
        return data is None or may_use(user, use, data)

    def seen_by(self, user: User | SystemActor, columns: Iterable[Column]) -> list[Column]:
        """Return the columns without those whose values ``user`` may not even see masked."""
        return [column for column in columns if self.may_use(user, Use.SEE, column.name)]

    def with_extras(self, rows: models.QuerySet) -> models.QuerySet:
        """Annotate what columns show beyond the record's own fields; called for the rows of a page or an export."""
        return rows

    # columns, filters, forms --------------------------------------------------------------------------

    @cached_property
    def all_columns(self) -> dict[str, Column]:
        """All columns by name, completed from the model; review state comes last where there is one."""
        declared = [column if isinstance(column, Column) else Column(column) for column in self.columns]
        if self.reviewed:
            declared.append(Column("review_state", width=8))
        return {column.name: column.bound_to(self.model) for column in declared}

    @cached_property
    def duplicate_shown(self) -> list[Column]:
        """The columns that the duplicate queue shows of each record."""
        declared = [
            column if isinstance(column, Column) else Column(column) for column in self.duplicate_columns
        ]
        return [column.bound_to(self.model) for column in declared]

    def chosen_columns(self, names: Sequence[str]) -> list[Column]:
        """Return the columns a user chose, or the default ones."""
        chosen = [self.all_columns[name] for name in names if name in self.all_columns]
        if chosen:
            return chosen
        defaults = self.default_columns or list(self.all_columns)[:8]
        names = [*defaults, "review_state"] if self.reviewed and "review_state" not in defaults else defaults
        return [self.all_columns[name] for name in names]

    @cached_property
    def filterset(self) -> type[RegisterFilter]:
        """The filter class: search, unit, year, review state and the declared fields."""
        return filterset_for(self.model, self.filterset_base, tuple(self.filter_fields))

    @cached_property
    def form(self) -> type[RecordForm]:
        """The form class over the declared sections."""
        names = [name for section in self.sections for name in section.fields]
        return self.form_base.for_model(self.model, names, tuple(self.sections))

    # hooks ---------------------------------------------------------------------------------------------

    def refusal(self, obj: models.Model, user: User) -> str:
        """Return why ``user`` may not delete ``obj`` though rights and dependents allow it; empty for no objection.

        What has been handed in or counts already is not taken away by its unit alone.
        """
        if self.reviewed and not obj.can_be_submitted and not self.may_review(user):
            return f"这条记录已{obj.get_review_state_display()}，请先联系市劳模协会退回，再删除。"
        return obj.needed() if isinstance(obj, Record) else ""

    def merge_refusal(self, winner: models.Model, loser: models.Model, user: User) -> str:
        """Return why ``loser`` may not go into ``winner``; empty for no objection."""
        return ""

    def fold_refusal(self, kept: models.Model, row: models.Model) -> str:
        """Return why ``row`` may not go into ``kept`` just because what they hang on is merged; empty for no objection."""
        return ""

    def merge_follows(self, winner: models.Model, loser: models.Model) -> Sequence[models.QuerySet]:
        """Return the rows that may change by themselves when two records merge, besides those that name them."""
        return ()

    def detail_context(self, obj: models.Model, user: User) -> dict[str, Any]:
        """Return what the record's own page needs beyond fields, parts and files."""
        return {}

    def pick_label(self, obj: models.Model) -> str:
        """Return how a record is named in a type-ahead: with its unit where names can be alike."""
        unit = getattr(obj, "org", None)
        return f"{obj}（{unit}）" if unit else str(obj)

    def pick_rows(self, user: User, text: str) -> models.QuerySet:
        """Return what a type-ahead offers for ``text``: active records in scope, units joined."""
        rows = self.rows(user)
        if text:
            rows = rows.search(text) if hasattr(rows, "search") else rows.filter(name__contains=text)
        rows = rows.select_related("org") if _has_field(self.model, "org") else rows
        return rows.order_by(*self.ordering)

    def tidier(self) -> Tidier:
        """Return what completes the values of a workbook's rows, made once for a file; it returns notes for the user."""
        return lambda _values, _sides: []

    def shapes(self) -> Sequence[Shape]:
        """Return the other shapes in which people keep the same records in a workbook, made once for a file."""
        return ()

    def sheet_tidier(self, layout: Layout) -> Tidier:
        """Return :meth:`tidier` for a sheet that has been understood; it may add notes to the layout."""
        return self.tidier()

    def finder(self, rows: models.QuerySet) -> matching.Finder:
        """Return what finds the stored records that the rows of a workbook mean, among ``rows``."""
        return matching.Finder(self, rows)

    def initial(self, user: User) -> dict[str, Any]:
        """Return what a new record starts with: the user's own unit."""
        return {"org": user.organization_id} if _has_field(self.model, "org") else {}


def _has_field(model: type[models.Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.get_fields())


def register[R: type[Register]](cls: R) -> R:
    """Class decorator: put a declaration on the shelf under its slug."""
    if cls.slug in REGISTERS:
        raise ValueError(f"register slug declared twice: {cls.slug}")
    REGISTERS[cls.slug] = cls()
    return cls


def register_of(model: type[models.Model]) -> Register | None:
    """Return the register that keeps ``model``, None for parts and dictionaries without pages."""
    return _by_model().get(model)


def _by_model() -> dict[type[models.Model], Register]:
    return {found.model: found for found in REGISTERS.values()}


def reviewed_registers() -> list[Register]:
    """Return the registers whose records are reviewed, in the order of declaration."""
    return [found for found in REGISTERS.values() if found.reviewed]

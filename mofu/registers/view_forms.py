"""Changing a view: name, heading, order, and its columns with their own titles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.http import QueryDict

from mofu.registers import tables
from mofu.registers.listing import NO_NUMBERS, Listing
from mofu.registers.models import SavedView
from mofu.registers.register import Register

LONGEST_TITLE = 60  # characters of a column's own title
LONGEST_QUERY = 2000
Columns = list[list[str]]  # name and own title, in order


@dataclass(frozen=True)
class ColumnRow:
    """One column on the form of a view."""

    name: str
    label: str
    title: str
    shown: bool
    first: bool
    last: bool


class ViewForm(forms.ModelForm):
    """The form of a view; ``columns`` is what was sent, moved by one place when the user asked for that."""

    class Meta:
        model = SavedView
        fields = ("name", "title", "sort", "page_size")
        widgets = {"page_size": forms.Select(choices=[(size, size) for size in tables.PAGE_SIZES])}

    def __init__(self, register: Register, data: QueryDict | None = None, *, instance: SavedView) -> None:
        super().__init__(data, instance=instance)
        self.fields["title"].help_text = "留空时为“…台账”；按上级模板报送时填上级表名。"
        self.fields["sort"] = forms.ChoiceField(
            label="排序", required=False, choices=_orders(register), initial=instance.sort
        )
        self.columns = instance.columns if data is None else _sent(register, data)
        self.move = "" if data is None else data.get("move", "")
        if self.move:
            way, _, name = self.move.partition(":")
            self.columns = moved(self.columns, name, -1 if way == "up" else 1)

    def clean_page_size(self) -> int:
        """Take one of the sizes a list offers."""
        size = self.cleaned_data["page_size"]
        return size if size in tables.PAGE_SIZES else 50

    def clean(self) -> dict[str, Any]:
        """A view shows something, and its titles can be told apart."""
        data = super().clean() or self.cleaned_data
        if not self.columns:
            raise forms.ValidationError("请至少选择一列。")
        titles = [title for _, title in self.columns if title]
        if len(titles) != len(set(titles)):
            raise forms.ValidationError("有两列的列名相同，请改成不同的列名。")
        self.instance.columns = self.columns
        return data

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"owner", "slug"}


def take(view: SavedView, found: Listing, *, columns: bool = True) -> str:
    """Let the view be what a list shows (``columns``: those, too) and save it; return what is wrong, if anything."""
    if found.has_number:
        return f"没有保存视图。{NO_NUMBERS}"
    kept = found.filters.copy()
    for name in [name for name, values in kept.lists() if not any(values)]:
        del kept[name]
    if found.register.starts_with_this_year and "year" not in found.query:
        kept.pop("year", None)  # next year it is the next year's list
    view.query, view.sort, view.page_size = kept.urlencode(), found.sort, found.page_size
    if columns:
        usual = found.register.all_columns
        view.columns = [
            [column.name, column.label if column.label != usual[column.name].label else ""]
            for column in found.columns
        ]
    if found.view and not view.pk:
        view.title = found.view.title
    if len(view.query) > LONGEST_QUERY:
        return "筛选条件过长，不能保存为视图。"
    return _saved(view)


def _saved(view: SavedView) -> str:
    try:
        view.full_clean()
        with transaction.atomic():
            view.save()
    except ValidationError as error:
        found = error.message_dict
        if NON_FIELD_ERRORS in found:
            return "".join(found[NON_FIELD_ERRORS])
        return "；".join(f"{_label(name)}：{''.join(words)}" for name, words in found.items())
    except IntegrityError:
        return "您在这个台账已有同名视图，请换一个名称。"
    return ""


def _label(name: str) -> str:
    return str(SavedView._meta.get_field(name).verbose_name)


def moved(columns: Columns, name: str, by: int) -> Columns:
    """Return the columns with one of them moved by a place."""
    names = [column[0] for column in columns]
    if name not in names:
        return columns
    here = names.index(name)
    there = min(max(here + by, 0), len(columns) - 1)
    found = list(columns)
    found.insert(there, found.pop(here))
    return found


def rows(register: Register, columns: Sequence[Sequence[str]]) -> list[ColumnRow]:
    """Return all columns for the form: the view's in order, then the others."""
    usual = register.all_columns
    chosen = [(name, title) for name, title in columns if name in usual]
    names = [name for name, _ in chosen]
    rest = [(name, "") for name in usual if name not in names]
    last = len(chosen) - 1
    return [
        ColumnRow(name, usual[name].label, title, at <= last, at == 0, at >= last)
        for at, (name, title) in enumerate([*chosen, *rest])
    ]


def doubts(register: Register, columns: Sequence[Sequence[str]]) -> list[str]:
    """Return which own titles are the usual names of other columns: importing such a file needs a second look."""
    labels = {column.label: name for name, column in register.all_columns.items()}
    return [
        f"列名“{title}”是另一列的通常名称，用此视图导出的表再导入时，请核对列的对应关系。"
        for name, title in columns
        if title and labels.get(title, name) != name
    ]


def _sent(register: Register, data: QueryDict) -> Columns:
    """Return the columns as sent: ``column`` (many, in order), ``show-<name>`` ticked, ``title-<name>``."""
    found = []
    for name in dict.fromkeys(data.getlist("column")):
        column = register.all_columns.get(name)
        if column is None or f"show-{name}" not in data:
            continue
        title = " ".join(data.get(f"title-{name}", "").split())[:LONGEST_TITLE]
        found.append([name, "" if title == column.label else title])
    return found


def _orders(register: Register) -> list[tuple[str, str]]:
    usual = [("", "台账的通常顺序")]
    for name, column in register.all_columns.items():
        if column.sort:
            usual += [(name, f"{column.label} ▲"), (f"-{name}", f"{column.label} ▼")]
    return usual

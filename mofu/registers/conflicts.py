"""What to show somebody whose form is stale: of each field what it was, what it is now and by whom, what they typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest

from mofu.accounts import trail_versions
from mofu.accounts.models import TrailEntry
from mofu.accounts.trail_actions import Action
from mofu.registers.masks import mask
from mofu.registers.register import register_of

EMPTY, DIFFERS = "（空）", "（已改动）"


@dataclass(frozen=True)
class Difference:
    """One field of a stale form; ``who`` and ``at`` of the last change by others, None where only the form differs."""

    label: str
    was: str
    now: str
    mine: str
    who: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class PartChange:
    """What others did to a part of the record: which, what, who, when, its fields before and after."""

    label: str
    deed: str
    who: str
    at: datetime
    changes: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Conflict:
    """A stale form: who changed the record last, its fields, its parts; ``files`` says that files have to be chosen again."""

    who: str
    at: datetime | None
    fields: list[Difference]
    parts: list[PartChange]
    files: bool = False


def of_form(
    form: forms.ModelForm, fresh: models.Model, request: HttpRequest, parts: Iterable[type[models.Model]] = ()
) -> Conflict:
    """Return what differs between a stale bound form and the record as it is stored (``fresh``, another object)."""
    form.is_valid()
    entries = trail_versions.changes_after(fresh, request.POST.get(trail_versions.FIELD, ""))
    kinds = {str(part._meta.verbose_name): part for part in parts}
    own = [entry for entry in entries if _kind(entry, fresh) not in kinds]
    changed = [
        entry for entry in own if entry.action != Action.CREATED
    ]  # beginning something says all there is
    names = dict.fromkeys([*form.fields, *(name for entry in changed for name in entry.changes)])
    fields = [found for name in names if (found := _difference(name, form, fresh, own))]
    others = [_part_change(entry, kinds[_kind(entry, fresh)]) for entry in entries if entry not in own]
    last = entries[-1] if entries else None
    who, at = (last.actor_name, last.at) if last else ("", None)
    return Conflict(who, at, sorted(fields, key=lambda found: found.at is None), others, bool(request.FILES))


def of_record(obj: models.Model, seen: str) -> list[PartChange]:
    """Return what happened to a record since somebody saw it, for steps that have no form."""
    return [_part_change(entry, type(obj)) for entry in trail_versions.changes_after(obj, seen)]


def _kind(entry: TrailEntry, record: models.Model) -> str:
    """Return the kind of part an entry is about, empty for the record itself."""
    kind, colon, _ = entry.object_label.partition("：")
    return kind if colon and entry.object_label != str(record) else ""


def _part_change(entry: TrailEntry, model: type[models.Model]) -> PartChange:
    changes = [
        (_label(model, name), before or EMPTY, after or EMPTY)
        for name, (before, after) in entry.changes.items()
    ]
    deed = str(entry.get_action_display()) + (f"（{entry.reason}）" if entry.reason else "")
    return PartChange(entry.object_label, deed, entry.actor_name, entry.at, changes)


def _label(model: type[models.Model], name: str) -> str:
    labels = {
        field.name: str(getattr(field, "verbose_name", field.name)) for field in model._meta.get_fields()
    }
    return labels.get(name, name)


def _difference(
    name: str, form: forms.ModelForm, fresh: models.Model, entries: list[TrailEntry]
) -> Difference | None:
    """Return a field's line; None where the form says what is stored."""
    about = [entry for entry in entries if name in entry.changes]
    bound = name in form.fields
    if bound and _same(name, form, fresh):
        return None
    if isinstance(_field(fresh, name), models.JSONField):  # the page itself shows what is in it
        return Difference(
            _label(type(fresh), name), DIFFERS, DIFFERS, "见下", about[-1].actor_name, about[-1].at
        )
    now = _words(name, _stored(fresh, name), fresh)
    return Difference(
        label=str(form.fields[name].label) if bound else _label(type(fresh), name),
        was=(about[0].changes[name][0] or EMPTY) if about else now,
        now=now,
        mine=_typed(name, form, fresh) if bound else "—",
        who=about[-1].actor_name if about else "",
        at=about[-1].at if about else None,
    )


def _same(name: str, form: forms.ModelForm, fresh: models.Model) -> bool:
    if name not in form.cleaned_data:
        return False
    mine, now = form.cleaned_data[name], _stored(fresh, name)
    if isinstance(now, list):
        return {item.pk for item in mine or ()} == {item.pk for item in now}
    return mine == now or (mine in (None, "") and now in (None, ""))


def _stored(record: models.Model, name: str) -> Any:
    column = _field(record, name)
    if column is None:
        return None
    value = getattr(record, name)
    return list(value.all()) if column.many_to_many else value


def _typed(name: str, form: forms.ModelForm, fresh: models.Model) -> str:
    if name in form.cleaned_data:
        value = form.cleaned_data[name]
        return _words(name, list(value) if isinstance(value, models.QuerySet) else value, fresh)
    raw = form[name].value()
    return _words(name, raw if isinstance(raw, str) else str(raw or ""), fresh)


def _words(name: str, value: Any, record: models.Model) -> str:
    """Return a value as a person reads it, personal numbers masked."""
    if value is None or value in ("", []):
        return EMPTY
    register = register_of(type(record))  # what its pages show openly is compared openly, too
    if name in (register.secret_fields if register else getattr(record, "trail_hidden", ())):
        return mask(name, str(value)) or DIFFERS
    if isinstance(value, list):
        return "、".join(map(str, value))
    if isinstance(value, bool):
        return "是" if value else "否"
    choices = dict(getattr(_field(record, name), "flatchoices", None) or ())
    return str(choices.get(value, value))


def _field(record: models.Model, name: str) -> Any:
    try:
        return record._meta.get_field(name)
    except FieldDoesNotExist:
        return None

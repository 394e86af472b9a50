"""The trail: who did what, when, from where, and what changed.

One function, :func:`record`, writes every entry; :class:`TrailedModel` calls it for each
``save()`` and ``delete()``, so the app, the commands and the Django admin all leave the same
trail. Bulk paths call :func:`record_many`. Entries are only ever added.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import TYPE_CHECKING, Any

from django.contrib.admin.utils import NestedObjects
from django.db import connection, models, router, transaction
from django.utils import timezone

from mofu.accounts import rows, trail_seal
from mofu.accounts.context import current
from mofu.accounts.trail_actions import CHANGES, Action
from mofu.decimals import plain

if TYPE_CHECKING:
    from mofu.accounts.models import User

Changes = dict[str, list[str]]
Labels = dict[tuple[type[models.Model], Any], str]  # names of related records, read once


_LOOK_ALIKE = ({str}, {int}, {bool}, set())  # types of which equal values are shown alike


def record(
    action: Action,
    obj: models.Model | None = None,
    *,
    changes: Changes | None = None,
    reason: str = "",
    actor: User | None = None,
) -> None:
    """Write one entry about ``obj`` (or about no record) in the name of ``actor`` or the current one."""
    _write([(action, obj, json.dumps(changes or {}))], reason, actor)


def record_many(action: Action, objs: Iterable[models.Model], *, reason: str = "") -> None:
    """Write one entry per object of a bulk operation."""
    _write(((action, obj, "{}") for obj in objs), reason)


def record_saves(saves: Iterable[tuple[TrailedModel, dict[str, Any]]], *, reason: str = "") -> None:
    """Write for each record and its values before (empty for a new one) what one ``save()`` writes."""
    labels: Labels = {}
    entries = []
    for obj, before in saves:
        changes = _differences(obj, before, labels)
        if changes or not before:
            entries.append((Action.CHANGED if before else Action.CREATED, obj, json.dumps(changes)))
    _write(entries, reason)


def record_new(objs: Sequence[TrailedModel], *, reason: str = "") -> None:
    """Write for each new record of one model what its first ``save()`` writes."""
    labels: Labels = {}
    columns = [_first_values(objs, field, labels) for field in _trailed_fields(type(objs[0]))]
    told = [column for column in columns if any(column)] or [[""] * len(objs)]
    changes = (f"{{{', '.join(filter(None, parts))}}}" for parts in zip(*told, strict=True))
    _write(((Action.CREATED, obj, text) for obj, text in zip(objs, changes, strict=True)), reason)


def _first_values(objs: Sequence[TrailedModel], field: models.Field, labels: Labels) -> list[str]:
    """Return for each new record the JSON text of one field's change from nothing, empty where it stays empty.

    What a value looks like is asked once for all records that share it, where equal values look alike.
    """
    head = f'{json.dumps(field.name)}: ["", '

    def text(obj: TrailedModel, value: Any) -> str:
        return "" if value in (None, "") else f"{head}{json.dumps(_shown(obj, field, value, labels))}]"

    values = [obj.__dict__[field.attname] for obj in objs]
    if {*map(type, values)} - {NoneType} in _LOOK_ALIKE:
        texts = {value: text(obj, value) for value, obj in dict(zip(values, objs, strict=True)).items()}
        return [texts[value] for value in values]
    return [text(obj, value) for obj, value in zip(objs, values, strict=True)]


def record_deletions(objs: Sequence[TrailedModel], *, reason: str = "") -> None:
    """Write what deleting records of one model leaves: an entry for each and for every part that goes with it."""
    labels: Labels = {}
    entries = []
    for obj in _goes_with(objs) if objs else ():
        fields = {
            field.name: _shown(obj, field, getattr(obj, field.attname), labels)
            for field in _trailed_fields(type(obj))
        }
        entries.append(
            (Action.DELETED, obj, json.dumps({name: [text, ""] for name, text in fields.items() if text}))
        )
    _write(entries, reason)


def tells_of(request_id: str) -> bool:
    """Whether any entry of a request stands; one that was rolled back does not."""
    return _entry_model().objects.filter(request_id=request_id).exists()


def last_entry() -> int:
    """Return the key of the newest entry, 0 for none: what is written from now on has a greater one."""
    return _entry_model().objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def altered_since(mark: int) -> bool:
    """Whether anything was written after ``mark``; signing in or looking at a record is none of it."""
    return _entry_model().objects.filter(pk__gt=mark, action__in=CHANGES).exists()


def changes_since(mark: int, model: str, keys: Iterable[Any]) -> models.QuerySet:
    """Return the entries after ``mark`` that say that records of ``model`` (``app.model``) were altered."""
    entries = _entry_model().objects.filter(pk__gt=mark, action__in=CHANGES, model=model)
    return entries.filter(object_id__in=[str(key) for key in keys])


def _write(
    entries: Iterable[tuple[Action, models.Model | None, str]], reason: str, actor: User | None = None
) -> None:
    """Write sealed entries, each about a record with its changes as JSON, in the name of ``actor`` or the current one."""
    who = current()
    fixed = {"at": timezone.now(), **_who(actor), "reason": _plain(reason or who.reason)[:500]}
    entry, seal = _entry_model(), trail_seal.sealer(fixed[name] for name in trail_seal.FIXED)
    rest = tuple(
        entry._meta.get_field(name).get_db_prep_save(value, connection) for name, value in fixed.items()
    )
    owns = ((str(action), *_subject(obj), changes) for action, obj, changes in entries)
    rows.insert(entry, (*trail_seal.OWN, "seal", *fixed), ((*own, seal(own), *rest) for own in owns))


def _entry_model() -> type[models.Model]:
    from mofu.accounts.models import TrailEntry  # noqa: PLC0415 - models import this module

    return TrailEntry


def _who(actor: User | None) -> dict[str, Any]:
    """Return who acts right now, as columns of an entry."""
    who = current()
    user = actor or who.user
    return {
        "actor_id": user.pk if user else None,
        "actor_name": (str(user) if user else who.source or "未登录")[:80],
        "ip": who.ip,
        "request_id": who.request_id,
    }


def _plain(text: str) -> str:
    """Return a text without what PostgreSQL refuses to keep."""
    return text.replace("\0", "")


def _subject(obj: models.Model | None) -> tuple[str, str, str]:
    """Return model, key and name of the record under which record an entry stands; a part's entries stand under its record, named as the part."""
    if obj is None:
        return "", "", ""
    subject = obj.trail_subject() if isinstance(obj, TrailedModel) else obj
    label = _name(subject) if subject is obj else f"{obj._meta.verbose_name}：{_name(obj)}"
    return subject._meta.label_lower, str(subject.pk), _plain(label)[:200]


def _name(obj: models.Model) -> str:
    return obj.trail_name() if isinstance(obj, TrailedModel) else str(obj)


class TrailedModel(models.Model):
    """A model whose every ``save()`` and ``delete()`` leaves a trail entry with before → after.

    ``trail_hidden`` names fields whose values never appear in the trail (only that they changed);
    ``trail_ignored`` names bookkeeping fields that leave nothing.
    """

    settled_by_save: tuple[str, ...] = ()  # columns that save() works out, taking along what depends on them
    trail_hidden: tuple[str, ...] = ()
    trail_ignored: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def trail_subject(self) -> models.Model:
        """Return the record under which this one's entries stand: itself, for a part its record."""
        return self

    def trail_name(self) -> str:
        """Return what entries call the record; who reads them need not have the right to see it."""
        return str(self)

    def derive(self) -> None:
        """Fill the columns that follow from others; called before every write, single or bulk."""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save and record the difference; an unchanged record leaves no entry."""
        with transaction.atomic(using=kwargs.get("using")):
            self.derive()
            before = {} if self._state.adding else stored_values(self)
            super().save(*args, **kwargs)
            record_save(self, before)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete and record this record and every part that goes with it."""
        with transaction.atomic(using=kwargs.get("using")):
            record_deletions([self])
            return super().delete(*args, **kwargs)


def _goes_with(objs: Sequence[models.Model]) -> list[TrailedModel]:
    collector = NestedObjects(using=router.db_for_write(type(objs[0]), instance=objs[0]), origin=objs[0])
    collector.collect(objs)
    found = [part for group in collector.data.values() for part in group]
    return [part for part in found if isinstance(part, TrailedModel)]


def stored_values(obj: models.Model) -> dict[str, Any]:
    """Return the column values now in the database, by attribute name (empty when not stored)."""
    names = [field.attname for field in obj._meta.concrete_fields]
    return type(obj)._base_manager.filter(pk=obj.pk).values(*names).first() or {}


def record_save(obj: TrailedModel, before: dict[str, Any]) -> None:
    """Record a save: a creation when ``before`` is empty, else the fields that differ."""
    changes = _differences(obj, before, {})
    if changes or not before:
        record(Action.CHANGED if before else Action.CREATED, obj, changes=changes)


def _differences(obj: TrailedModel, before: dict[str, Any], labels: Labels) -> Changes:
    changes: Changes = {}
    for field in _trailed_fields(type(obj)):
        old, new = before.get(field.attname), getattr(obj, field.attname)
        if old != new and not (old in (None, "") and new in (None, "")):
            changes[field.name] = [_shown(obj, field, old, labels), _shown(obj, field, new, labels)]
    return changes


@cache
def _trailed_fields(model: type[TrailedModel]) -> list[models.Field]:
    return [f for f in model._meta.concrete_fields if f.name not in model.trail_ignored and not f.primary_key]


@cache
def _choice_labels(field: models.Field) -> dict[Any, Any]:
    return dict(field.flatchoices)


def _shown(obj: TrailedModel, field: models.Field, value: Any, labels: Labels) -> str:
    """Return a value as a person reads it: choice labels, names of related records, masks."""
    if value is None or value == "":
        return ""
    if field.name in obj.trail_hidden:
        return "（已隐藏）"
    if field.choices:
        return str(_choice_labels(field).get(value, value))
    if field.is_relation:
        key = (field.related_model, value)
        if key not in labels and field.is_cached(obj) and getattr(obj, field.attname) == value:
            labels[key] = str(field.get_cached_value(obj) or value)
        if key not in labels:
            labels[key] = str(field.related_model._base_manager.filter(pk=value).first() or value)
        return labels[key]
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    return plain(value) if isinstance(value, Decimal) else str(value)

"""Taking an import back, as long as nothing it wrote was changed since."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import batched
from typing import Any

from django.apps import apps
from django.db import models

from mofu.accounts import trail
from mofu.accounts.models import User
from mofu.accounts.scope import ScopedModel
from mofu.registers import bulk
from mofu.registers.models import Attachment
from mofu.registers.pages import link_to
from mofu.registers.records import Record
from mofu.registers.sheets.results import NEW
from mofu.registers.sheets.writing import MANY, Written

BLOCK = 500
SHOWN = 5  # records named in a refusal


class CannotUndo(Exception):  # noqa: N818 - an answer for the user
    """Something the import wrote was changed or is in use; the message says what."""


def packed(written: Written) -> bytes:
    """Return what undoing needs: in which order models were written, the values before of everything changed."""
    content = {"order": list(written.keys), "changed": written.changed}
    return json.dumps(content, default=bulk.as_text, ensure_ascii=False).encode()


def undo(
    keys: dict[str, dict[str, list[int]]],
    before: bytes,
    mark: int,
    user: User,
    reason: str,
    step: Callable[[int, int], None] = lambda _done, _total: None,
) -> None:
    """Delete what was new and put back what was changed, in the caller's transaction.

    ``keys`` are the written records by model, ``before`` comes from :func:`packed`, ``mark`` the newest trail entry when
    they were written; ``reason`` stands on the trail. Raises CannotUndo, naming only what ``user`` may see.
    """
    _require_untouched(keys, mark, user)
    total = sum(len(pks) for kinds in keys.values() for pks in kinds.values())
    done = 0
    kept = json.loads(before)
    for label, stored in kept["changed"].items():
        _put_back(apps.get_model(label), stored, reason)
        done += len(stored)
        step(done, total)
    for label in reversed(kept["order"]):  # what hangs on a record was written after it
        pks = keys[label].get(NEW, [])
        for block in batched(reversed(pks), BLOCK):
            _delete(apps.get_model(label), block, user, reason)
            done += len(block)
            step(done, total)


def _require_untouched(keys: dict[str, dict[str, list[int]]], mark: int, user: User) -> None:
    for label, kinds in keys.items():
        model = apps.get_model(label)
        for block in batched([pk for pks in kinds.values() for pk in pks], BLOCK):
            _require_in_sight(model, block, user)
            changed = set(trail.changes_since(mark, label, block).values_list("object_id", flat=True))
            if changed:
                records = model._base_manager.filter(pk__in=changed)
                raise CannotUndo(
                    _words(list(records), len(changed), user, "导入后已被修改、送审、审核或删除")
                )
        for block in batched(kinds.get(NEW, []), BLOCK):
            _require_unused(model, block)


def _require_in_sight(model: type[models.Model], pks: Sequence[int], user: User) -> None:
    """Refuse when records have gone to units that ``user`` does not see."""
    if not issubclass(model, ScopedModel):
        return
    seen = model.objects.visible_to(user).filter(pk__in=pks).count()
    if gone := model._base_manager.filter(pk__in=pks).count() - seen:
        raise CannotUndo(f"不能撤销：其中 {gone} 条记录已不在您的查看范围内，请联系市级工作人员。")


def _require_unused(model: type[models.Model], pks: Sequence[int]) -> None:
    """Refuse when evidence was uploaded for new records, or others chose them, which deleting would undo silently."""
    files = Attachment.objects.filter(
        content_type__app_label=model._meta.app_label, content_type__model=model._meta.model_name
    )
    if files.filter(object_id__in=pks).exists():
        raise CannotUndo("不能撤销：导入的记录已上传佐证材料。请先删除这些材料。")
    if getattr(model, "needed", Record.needed) is not Record.needed:
        for why in filter(None, (record.needed() for record in model._base_manager.filter(pk__in=pks))):
            raise CannotUndo(f"不能撤销：{why}")
    for relation in model._meta.related_objects:
        if relation.many_to_many and relation.through._meta.auto_created:
            chosen = relation.through._base_manager.filter(
                **{f"{relation.field.m2m_reverse_field_name()}__in": pks}
            )
            if chosen.exists():
                title = relation.related_model._meta.verbose_name
                raise CannotUndo(
                    f"不能撤销：导入的记录已被 {chosen.count()} 条{title}选用。请先在那里取消选择。"
                )


def _words(records: Sequence[models.Model], count: int, user: User, what: str) -> str:
    """Return a refusal that names what the user may see and counts the rest."""
    names = sorted({str(record) for record in records if link_to(record, user)})
    listed = "、".join(names[:SHOWN])
    more = (
        f"等共 {count} 条"
        if names and count > min(len(names), SHOWN)
        else ""
        if names
        else f"有 {count} 条记录"
    )
    return f"不能撤销：{listed}{more}{what}。请逐条处理，或先还原这些修改。"


def _put_back(model: type[models.Model], stored: dict[str, dict[str, Any]], reason: str) -> None:
    """Write the values before, as they were stored; where saving does more than that, save first."""
    names = {field.attname for field in model._meta.concrete_fields if not field.primary_key}
    values = {
        int(pk): bulk.from_text(model, {name: row[name] for name in row if name in names})
        for pk, row in stored.items()
    }
    for block in batched(values, BLOCK):
        records = list(model._base_manager.filter(pk__in=block))
        if len(records) < len(block):
            raise CannotUndo("不能撤销：部分记录已不存在。")
        saves = []
        for record in records:
            now = bulk.values_of(record)
            for name, value in values[record.pk].items():
                if name not in model.settled_by_save:
                    setattr(record, name, value)
            saves.append((record, now))
        trail.record_saves(saves, reason=reason)
        if not bulk.suits(model):
            for record in records:
                record.save()
        bulk.restore(model, {pk: values[pk] for pk in block})
        for record in records:
            _put_back_many(record, stored[str(record.pk)])


def _put_back_many(record: models.Model, stored: dict[str, Any]) -> None:
    for name, keys in stored.items():
        if name.startswith(MANY):
            getattr(record, name.removeprefix(MANY)).set(keys)


def _delete(model: type[models.Model], pks: Sequence[int], user: User, reason: str) -> None:
    """Delete new records in the order of ``pks``; refuse when others have come to depend on them."""
    found = model._base_manager.in_bulk(list(pks))
    records = [found[pk] for pk in pks if pk in found]  # units below before their superior
    relations = [field.name for field in model._meta.concrete_fields if field.is_relation]
    models.prefetch_related_objects(records, *relations)  # the trail names records by what they belong to
    try:
        if bulk.suits(model):
            trail.record_many(trail.Action.DELETED, records, reason=reason)
            model._base_manager.filter(pk__in=pks).delete()
        elif model.delete is trail.TrailedModel.delete:
            trail.record_deletions(records, reason=reason)
            for level in _leaves_first(model, records):
                model._base_manager.filter(pk__in=level).delete()
        else:
            for record in records:
                record.delete()
    except models.ProtectedError as error:
        found = list(error.protected_objects)
        raise CannotUndo(_words(found, len(found), user, "已关联到这次导入的记录")) from error


def _leaves_first(model: type[models.Model], records: Sequence[models.Model]) -> Iterator[list[int]]:
    """Yield the keys of records so that none goes before those that lie below it."""
    links = [field.attname for field in model._meta.concrete_fields if field.related_model is model]
    left = {record.pk: record for record in records}
    while left:
        above = {getattr(record, name) for record in left.values() for name in links}
        level = [pk for pk in left if pk not in above] or list(left)
        yield level
        for pk in level:
            del left[pk]

"""Taking an import back, as long as nothing it wrote was changed since."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from itertools import batched
from typing import Any

from django.apps import apps
from django.db import models

from mofu.accounts import trail
from mofu.accounts.models import TrailEntry
from mofu.registers import bulk
from mofu.registers.models import Attachment
from mofu.registers.sheets.results import NEW
from mofu.registers.sheets.writing import MANY, Written

BLOCK = 500
SHOWN = 5  # records named in a refusal


class CannotUndo(Exception):  # noqa: N818 - an answer for the user
    """Something the import wrote was changed or is in use; the message says what."""


def packed(written: Written) -> bytes:
    """Return what undoing needs: in which order models were written, the values before of everything changed."""
    content = {"order": list(written.keys), "changed": written.changed}
    return json.dumps(content, default=_exactly, ensure_ascii=False).encode()


def _exactly(value: Any) -> str:
    """Return a value as text that gives it back to the last digit; Django's own encoder cuts microseconds."""
    return value.isoformat() if isinstance(value, date) else str(value)


def undo(
    keys: dict[str, dict[str, list[int]]],
    before: bytes,
    mark: int,
    reason: str,
    step: Callable[[int, int], None] = lambda _done, _total: None,
) -> None:
    """Delete what was new and put back what was changed, in the caller's transaction.

    ``keys`` are the written records by model, ``before`` comes from :func:`packed`, ``mark`` the newest trail entry when they were written. Raises CannotUndo.
    """
    _require_untouched(keys, mark)
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
            _delete(apps.get_model(label), block, reason)
            done += len(block)
            step(done, total)


def _require_untouched(keys: dict[str, dict[str, list[int]]], mark: int) -> None:
    for label, kinds in keys.items():
        for block in batched([str(pk) for pks in kinds.values() for pk in pks], BLOCK):
            later = TrailEntry.objects.filter(pk__gt=mark, model=label, object_id__in=block)
            names = sorted(set(later.values_list("object_label", flat=True)[:50]))
            if names:
                raise CannotUndo(_words(names, "导入后已被修改、送审或审核"))
            files = Attachment.objects.filter(
                content_type__app_label=label.split(".")[0], content_type__model=label.split(".")[1]
            )
            if files.filter(object_id__in=block).exists():
                raise CannotUndo("不能撤销：导入的记录已上传佐证材料。请先删除这些材料。")


def _words(names: list[str], what: str) -> str:
    more = f"等 {len(names)} 条" if len(names) > SHOWN else ""
    return f"不能撤销：{'、'.join(names[:SHOWN])}{more}{what}。请逐条处理，或先还原这些修改。"


def _put_back(model: type[models.Model], stored: dict[str, dict[str, Any]], reason: str) -> None:
    """Write the values before, as they were stored."""
    fields = {field.attname: field for field in model._meta.concrete_fields if not field.primary_key}
    values = {
        int(pk): {name: fields[name].to_python(value) for name, value in row.items() if name in fields}
        for pk, row in stored.items()
    }
    for block in batched(values, BLOCK):
        records = list(model._base_manager.filter(pk__in=block))
        if len(records) < len(block):
            raise CannotUndo("不能撤销：部分记录已不存在。")
        bulk.restore(model, {pk: values[pk] for pk in block})
        for record in records:
            _put_back_many(record, stored[str(record.pk)])
        trail.record_many(trail.Action.CHANGED, records, reason=reason)


def _put_back_many(record: models.Model, stored: dict[str, Any]) -> None:
    for name, keys in stored.items():
        if name.startswith(MANY):
            getattr(record, name.removeprefix(MANY)).set(keys)


def _delete(model: type[models.Model], pks: tuple[int, ...], reason: str) -> None:
    """Delete new records; refuse when others have come to depend on them."""
    records = list(model._base_manager.filter(pk__in=pks))
    relations = [field.name for field in model._meta.concrete_fields if field.is_relation]
    models.prefetch_related_objects(records, *relations)  # the trail names records by what they belong to
    try:
        if bulk.suits(model):
            trail.record_many(trail.Action.DELETED, records, reason=reason)
            model._base_manager.filter(pk__in=pks).delete()
        else:
            for record in records:
                record.delete()
    except models.ProtectedError as error:
        names = sorted({str(item) for item in error.protected_objects})
        raise CannotUndo(_words(names, "已关联到这次导入的记录")) from error

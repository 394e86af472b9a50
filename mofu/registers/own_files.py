"""Stored files that belong to rows: gone once nothing needs them, and not before that is certain."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from django.apps import apps
from django.core.files.storage import Storage
from django.db import models, transaction
from django.db.models.fields.files import FieldFile

_kept: ContextVar[bool] = ContextVar("files of deleted rows are kept", default=False)


@contextmanager
def kept() -> Iterator[None]:
    """Keep the files of rows deleted within: the rows may come back."""
    token = _kept.set(True)
    try:
        yield
    finally:
        _kept.reset(token)


def discard(file: FieldFile) -> None:
    """Delete the stored file of a row that goes or takes another file, once the transaction holds."""
    if file and not _kept.get():
        discard_named(file.storage, file.name)


def discard_named(storage: Storage, name: str) -> None:
    """Delete a stored file once the transaction holds."""
    transaction.on_commit(partial(storage.delete, name), robust=True)


def named(among: Collection[str] | None = None) -> set[str]:
    """Return the names of the files that rows of any kind refer to, of those given if any are."""
    found: set[str] = set()
    for model in apps.get_models():
        for field in file_fields(model):
            rows = model._base_manager.exclude(**{field.name: ""})
            rows = rows if among is None else rows.filter(**{f"{field.name}__in": among})
            found.update(name for name in rows.values_list(field.name, flat=True) if name)
    return found


def file_fields(model: type[models.Model]) -> list[models.FileField]:
    """Return the columns of a model's own table that name stored files."""
    return [field for field in model._meta.local_concrete_fields if isinstance(field, models.FileField)]

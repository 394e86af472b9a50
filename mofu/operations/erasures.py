"""Who was erased on request: compared before and after a restore, for a backup brings erased data back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.apps import apps
from django.db import DatabaseError, connection, models

from mofu.registers.register import register_of

Erased = dict[type[models.Model], dict[int, date]]
"""By model: key of the person → day of the erasure."""


def erased() -> Erased | None:
    """Return who is erased in the database as it is; None where there is none that can be read."""
    if connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).exists():
        return None  # asking would make an empty one
    try:
        return {
            model: dict(model._base_manager.exclude(erased_on=None).values_list("pk", "erased_on"))
            for model in _erasable()
        }
    except DatabaseError:
        return None


def to_repeat(before: Erased | None) -> list[str]:
    """Return in Chinese, line by line, what has to be erased again in the restored database; empty when nothing has."""
    if before is None:
        return [
            "没有可读的原数据库，无法核对备份之后删除了哪些人的个人信息。"
            "如有，请按删除申请的登记逐个重新执行 manage.py erase_person。"
        ]
    commands = [
        f"  manage.py erase_person {slug} {pk} --reason … --yes（{day} 已删除）"
        for model, days in before.items()
        for slug, pk, day in _brought_back(model, days)
    ]
    if not commands:
        return []
    return ["备份中还有以下已按申请删除的个人信息，运行 migrate 后请逐个重新删除：", *commands]


def _erasable() -> Iterator[type[models.Model]]:
    """Yield the models of registers whose rows can be erased."""
    for model in apps.get_models():
        if register_of(model) and any(field.name == "erased_on" for field in model._meta.concrete_fields):
            yield model


def _brought_back(model: type[models.Model], days: dict[int, date]) -> Iterator[tuple[str, int, date]]:
    """Yield the rows erased before that are there now and not erased."""
    rows = model._base_manager.filter(pk__in=days)
    try:
        back = list(rows.filter(erased_on=None).order_by("pk").values_list("pk", flat=True))
    except DatabaseError:  # the backup is older than the column
        back = sorted(days)
    for pk in back:
        yield register_of(model).slug, pk, days[pk]

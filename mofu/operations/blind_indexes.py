"""The keyed hashes by which equal numbers are found: made with the first key, so they change with it, all at once.

As long as hashes of two keys stood side by side, one person could be entered twice without anybody noticing. So all are
written anew in one transaction, while the application is stopped, and a deployment refuses to start with old ones.
"""

from __future__ import annotations

from collections.abc import Iterator

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, models, transaction

from mofu.encryption import BlindIndexField, blind_index, encrypt
from mofu.operations.rotation import RotationError, Say

_BLOCK = 2000


def columns() -> Iterator[tuple[type[models.Model], BlindIndexField]]:
    """Yield every blind index of every model."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, BlindIndexField) and not model._meta.proxy:
                yield model, field


@transaction.atomic
def renew(say: Say) -> int:
    """Write all hashes anew that the first key did not make; return how many."""
    done = 0
    for model, field in columns():
        stale = list(_stale(model, field))
        name = f"{model._meta.verbose_name}·{model._meta.get_field(field.of).verbose_name}索引"
        for number, (pk, right) in enumerate(stale, start=1):
            model._base_manager.filter(pk=pk).update(**{field.name: right})
            if number % _BLOCK == 0 or number == len(stale):
                say(name, number, len(stale))
        done += len(stale)
    return done


def stale() -> int:
    """Return how many hashes the first key did not make; reads every number."""
    return sum(1 for model, field in columns() for _ in _stale(model, field))


def problems() -> list[str]:
    """Return why numbers would not be found or not be read, judged by the oldest and the newest of each kind; empty when all is well."""
    try:
        encrypt("1")
    except UnsupportedAlgorithm:
        return [f"本机的密码库不支持 FIELD_CIPHER={settings.FIELD_CIPHER}"]
    return [words for model, field in columns() if (words := _problem(model, field))]


def _problem(model: type[models.Model], field: BlindIndexField) -> str:
    name = str(model._meta.verbose_name)
    try:
        rows = model._base_manager.exclude(**{field.name: None}).values_list(field.of, field.name)
        samples = [sample for order in ("pk", "-pk") if (sample := rows.order_by(order).first())]
    except KeyError as missing:
        return f"{name}的号码用密钥 {missing} 加密，FIELD_KEYS 中没有它"
    except InvalidTag:
        return f"FIELD_KEYS 中的密钥解不开{name}的号码"
    except DatabaseError:  # no tables yet: the next step says so better
        return ""
    if any(blind_index(number) != stored for number, stored in samples):
        return f"{name}的号码索引是用另一把密钥做的：停止服务，运行 manage.py rotate_keys，再启动"
    return ""


def require() -> None:
    """Refuse to serve a deployment with keys that do not fit the data; raise ImproperlyConfigured with all reasons."""
    if settings.IS_PROD and (found := problems()):
        raise ImproperlyConfigured("；".join(found))


def _stale(model: type[models.Model], field: BlindIndexField) -> Iterator[tuple[int, str | None]]:
    """Yield key and right hash of the rows whose hash is not the first key's."""
    rows, last = model._base_manager.order_by("pk").values_list("pk", field.of, field.name), 0
    try:
        while block := list(rows.filter(pk__gt=last)[:_BLOCK]):
            last = block[-1][0]
            yield from (
                (pk, right) for pk, number, stored in block if (right := blind_index(number)) != stored
            )
    except (KeyError, InvalidTag) as error:
        raise RotationError.at(str(model._meta.verbose_name), error) from error

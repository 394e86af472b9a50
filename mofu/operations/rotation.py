"""Changing keys and cipher of stored personal data (decision 021).

Everything encrypted is found by the kind of its column, so that a new model is rotated without being named here;
allauth's factors are the exception, they lie inside a JSON column. Each batch is one transaction that locks its rows:
whoever is at work meanwhile loses nothing, and a run that was stopped goes on where it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Left, Length, Substr

from mofu import encryption
from mofu.accounts import trail_seal
from mofu.accounts.models import TrailBlock, TrailEntry
from mofu.encryption import EncryptedField, SealedField

BATCH = 500  # numbers written in one transaction
SEALED_BATCH = 5  # files, which have megabytes
_LONGEST_HEAD = 60  # characters looked at to learn key and cipher
Say = Callable[[str, int, int], None]  # what, how many are done, of how many


class RotationError(Exception):
    """A stored value cannot be read; the message tells which and why."""

    @classmethod
    def at(cls, name: str, error: Exception) -> RotationError:
        """Return what a failure to decrypt a value of ``name`` means."""
        if isinstance(error, KeyError):
            return cls(f"{name}：缺少密钥 {error}，请把它加回 FIELD_KEYS。")
        return cls(f"{name}：有的值已损坏或被改动，无法解密。")


@dataclass(frozen=True)
class EncryptedColumn:
    """One column that holds encrypted values."""

    model: type[models.Model]
    field: models.Field

    @property
    def name(self) -> str:
        """The column as the operator reads it."""
        return f"{self.model._meta.verbose_name}·{self.field.verbose_name}"

    @property
    def is_sealed(self) -> bool:
        """Whether it holds files, not texts."""
        return isinstance(self.field, SealedField)

    def heads(self) -> Counter[str]:
        """Return how many values there are by key and cipher (``k1.aes``)."""
        starts = self._rows(_LONGEST_HEAD).values_list("stored_start", flat=True).order_by()
        return Counter(head_of(start) for start in starts.iterator(chunk_size=10_000))

    def renew(self, say: Say) -> int:
        """Write every value anew that is not under the present key and cipher; return how many."""
        head = f"{encryption.head()}:"
        stale = self._rows(len(head)).exclude(stored_start=head.encode() if self.is_sealed else head)
        done, total, last = 0, stale.count(), 0
        while keys := self._renew_batch(stale.filter(pk__gt=last).order_by("pk")):
            done, last = done + len(keys), keys[-1]
            say(self.name, done, max(total, done))
        return done

    def _rows(self, length: int) -> models.QuerySet:
        """Return the rows with a value, annotated with its first characters (``stored_start``)."""
        opening = (
            Substr(self.field.name, 1, length, output_field=models.BinaryField())
            if self.is_sealed
            else Left(self.field.name, length)
        )
        filled = self.model._base_manager.annotate(stored_length=Length(self.field.name)).filter(
            stored_length__gt=0
        )
        return filled.annotate(stored_start=opening)

    @transaction.atomic
    def _renew_batch(self, rows: models.QuerySet) -> list[int]:
        size = SEALED_BATCH if self.is_sealed else BATCH
        keys = list(rows.select_for_update(of=("self",)).values_list("pk", flat=True)[:size])
        locked = self.model._base_manager.filter(pk__in=keys)
        try:
            for pk, value in locked.values_list("pk", self.field.attname):
                new = encryption.seal(encryption.unseal(bytes(value))) if self.is_sealed else value
                self.model._base_manager.filter(pk=pk).update(**{self.field.name: new})
        except (KeyError, InvalidTag) as error:
            raise RotationError.at(self.name, error) from error
        return keys


def head_of(value: Any) -> str:
    """Return key and cipher of a stored value or its beginning, “?” for what was never encrypted."""
    text = value if isinstance(value, str) else bytes(value).decode("latin-1")
    head, colon, _ = text.partition(":")
    return head if colon and head.rpartition(".")[2] in encryption.TAGS.values() else "?"


def columns() -> Iterator[EncryptedColumn]:
    """Yield every encrypted column of every model."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, (EncryptedField, SealedField)) and not model._meta.proxy:
                yield EncryptedColumn(model, field)


def in_use() -> Counter[str]:
    """Return how many stored values there are by key and cipher."""
    found = sum((column.heads() for column in columns()), Counter())
    for factor in Authenticator.objects.all():
        found.update(head_of(text) for text in _texts(factor.data))
    return found


def sealing() -> Counter[str]:
    """Return how many entries and blocks of the trail each key has sealed: without it they cannot be verified."""
    seals = TrailEntry.objects.order_by().values_list("seal", flat=True).iterator(chunk_size=10_000)
    blocks = TrailBlock.objects.order_by().values_list("digest", flat=True)
    return Counter(trail_seal.key_id_of(seal) for seal in chain(seals, blocks))


def rotate(say: Say) -> int:
    """Write everything anew that is not under the first key and the cipher of the settings; return how many values."""
    return sum(column.renew(say) for column in columns()) + _renew_factors()


def droppable(heads: Counter[str]) -> list[str]:
    """Return the keys behind the first one that no stored value needs, given what is :func:`in_use`."""
    needed = {head.rpartition(".")[0] for head in heads}
    return [key_id for key_id in list(settings.FIELD_KEYS)[1:] if key_id not in needed]


def _texts(data: dict[str, Any]) -> list[str]:
    """Return the encrypted texts of a factor."""
    return [data[name] for name in ("secret", "seed") if name in data] + data.get("migrated_codes", [])


@transaction.atomic
def _renew_factors() -> int:
    done = 0
    for factor in Authenticator.objects.select_for_update().order_by("pk"):
        stale = [text for text in _texts(factor.data) if head_of(text) != encryption.head()]
        if stale:
            new = {text: encryption.encrypt(encryption.decrypt(text)) for text in stale}
            factor.data = _with(factor.data, new)
            factor.save(update_fields=["data"])
        done += len(stale)
    return done


def _with(data: dict[str, Any], new: dict[str, str]) -> dict[str, Any]:
    """Return a factor's data with texts replaced, wherever they stand."""
    renewed = {}
    for name, value in data.items():
        if isinstance(value, list):
            renewed[name] = [new.get(text, text) for text in value]
        else:
            renewed[name] = new.get(value, value) if isinstance(value, str) else value
    return renewed

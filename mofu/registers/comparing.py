"""Two records side by side, field by field, for somebody who decides which values stay."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.crypto import salted_hmac

from mofu.accounts.models import User
from mofu.registers.columns import Column
from mofu.registers.merge_log import stored
from mofu.registers.pages import secret_text
from mofu.registers.register import Register


@dataclass(frozen=True)
class Compared:
    """One field of two records: what each says, whether that differs, and whose value is chosen (0 or 1)."""

    name: str
    label: str
    texts: tuple[str, str]
    differs: bool
    chosen: int


def compared(
    register: Register, records: list[models.Model], keep: int, posted: Mapping[str, str], user: User
) -> list[Compared]:
    """Return the fields two records can be told by; where nothing was posted, the kept one's value, if it has any."""
    return [_field(register, records, field, keep, posted, user) for field in _fields(register)]


def taken(fields: list[Compared], keep: int) -> list[str]:
    """Return the names of the fields whose value comes from the record that goes."""
    return [field.name for field in fields if field.differs and field.chosen != keep]


def better(records: list[models.Model]) -> int:
    """Return which of two records is offered to stay (0 or 1): the approved one, else the older one."""
    states = [getattr(record, "review_state", "") == "approved" for record in records]
    return 1 if states == [False, True] or (states[0] == states[1] and records[1].pk < records[0].pk) else 0


def fingerprint(records: list[models.Model]) -> str:
    """Return a mark that changes with any value of the records: what was decided has to be what was seen."""
    rows = stored(type(records[0]), [record.pk for record in records])
    text = json.dumps(rows, default=str, sort_keys=True)
    return salted_hmac("mofu.registers.comparing", text, algorithm="sha256").hexdigest()


def _fields(register: Register) -> list[models.Field]:
    """Return the fields a form knows, in its order, then the other editable columns."""
    options = register.model._meta
    named = [options.get_field(name) for section in register.sections for name in section.fields]
    others = [field for field in options.concrete_fields if field.editable and not field.primary_key]
    found = dict.fromkeys([field for field in named if field.concrete and not field.many_to_many] + others)
    return [field for field in found if field.editable]


def _field(
    register: Register,
    records: list[models.Model],
    field: models.Field,
    keep: int,
    posted: Mapping[str, str],
    user: User,
) -> Compared:
    values = [getattr(record, field.attname) for record in records]
    given = posted.get(f"field-{field.name}")
    filled = keep if values[keep] not in (None, "") or values[1 - keep] in (None, "") else 1 - keep
    return Compared(
        field.name,
        str(field.verbose_name),
        (_text(register, records[0], field, user), _text(register, records[1], field, user)),
        values[0] != values[1] and not all(value in (None, "") for value in values),
        int(given) if given in ("0", "1") else filled,
    )


def _text(register: Register, record: models.Model, field: models.Field, user: User) -> str:
    if field.name in register.secret_fields:
        return secret_text(register, record, field.name, user)
    if isinstance(field, models.FileField):
        return "已上传" if getattr(record, field.name) else ""
    return Column(field.name).bound_to(type(record)).text(record)

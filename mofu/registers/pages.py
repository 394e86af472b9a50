"""What a record's own page shows: fields by section, parts, files, masked personal numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import models

from mofu.accounts.models import User
from mofu.accounts.policy import Use
from mofu.accounts.scope import ScopedModel, SystemActor
from mofu.registers.columns import Column
from mofu.registers.inlines import Inline
from mofu.registers.masks import mask
from mofu.registers.register import Register, register_of

UNSEEN = "（无权查看）"


@dataclass(frozen=True)
class Shown:
    """One line of a record: label, text, where it leads, whether it is masked and the user may have it revealed."""

    name: str
    label: str
    text: str
    url: str = ""
    secret: bool = False


@dataclass(frozen=True)
class PartTable:
    """The parts of a record as a table; each cell comes with its column's label."""

    title: str
    labels: list[str]
    rows: list[list[tuple[str, str]]]


def sections(
    register: Register, obj: models.Model, user: User, revealed: str = ""
) -> list[tuple[str, list[Shown]]]:
    """Return the record's fields by section; ``revealed`` names the one personal number shown in full."""
    return [
        (section.title, [_shown(register, obj, name, user, revealed) for name in section.fields])
        for section in register.sections
    ]


def _shown(register: Register, obj: models.Model, name: str, user: User, revealed: str) -> Shown:
    field = obj._meta.get_field(name)
    label = str(field.verbose_name)
    if name in register.secret_fields:
        return _secret(register, obj, Shown(name, label, getattr(obj, name) or ""), user, revealed)
    if field.many_to_many:
        return Shown(name, label, "、".join(str(item) for item in getattr(obj, name).all()))
    column = Column(name).bound_to(type(obj))
    return Shown(
        name, label, column.text(obj), link_to(getattr(obj, name), user) if field.is_relation else ""
    )


def _secret(register: Register, obj: models.Model, line: Shown, user: User, revealed: str) -> Shown:
    """Return the line of a personal number as ``user`` may see it."""
    if line.name == revealed:
        return line
    text = secret_text(register, obj, line.name, user)
    may_ask = bool(line.text) and register.may_use(user, Use.REVEAL, line.name)
    return replace(line, text=text, secret=may_ask)


def secret_text(register: Register, obj: models.Model, name: str, user: User | SystemActor) -> str:
    """Return a personal number masked, or a word for who may not even see that."""
    value = getattr(obj, name) or ""
    return mask(name, value) if register.may_use(user, Use.SEE, name) else UNSEEN


def link_to(related: models.Model | None, user: User) -> str:
    """Return the address of a related record, empty when the user may not open it."""
    register = register_of(type(related)) if related is not None else None
    if register is None or not register.may_see(user):
        return ""
    out_of_sight = isinstance(related, ScopedModel) and not user.is_city and not _in_scope(related, user)
    return "" if out_of_sight else register.url("detail", related.pk)


def _in_scope(record: ScopedModel, user: User) -> bool:
    return type(record).objects.visible_to(user).filter(pk=record.pk).exists()


def parts(register: Register, obj: models.Model) -> list[PartTable]:
    """Return the record's parts, each kind as a table."""
    return [_part_table(inline, obj) for inline in register.inlines]


def _part_table(inline: Inline, obj: models.Model) -> PartTable:
    columns = [Column(name).bound_to(inline.model) for name in inline.fields]
    link = next(
        field.name
        for field in inline.model._meta.fields
        if field.is_relation and field.related_model is type(obj) and inline.fk_name in (None, field.name)
    )
    needs = sorted({need for column in columns for need in column.needs})
    found = inline.model._default_manager.filter(**{link: obj})
    found = found.select_related(*needs) if needs else found
    rows = [[(column.label, column.text(part)) for column in columns] for part in found]
    return PartTable(inline.heading, [column.label for column in columns], rows)

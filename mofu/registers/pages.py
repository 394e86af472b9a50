"""What a record's own page shows: fields by section, parts, files, masked personal numbers."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models

from mofu.accounts.models import User
from mofu.accounts.scope import ScopedModel
from mofu.registers.columns import Column
from mofu.registers.forms import Inline
from mofu.registers.masks import mask
from mofu.registers.register import Register, register_of


@dataclass(frozen=True)
class Shown:
    """One line of a record: label, text, where it leads, whether it is masked and may be revealed."""

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
        value = getattr(obj, name) or ""
        text = value if name == revealed else mask(name, value)
        return Shown(name, label, text, secret=bool(value) and name != revealed)
    if field.many_to_many:
        return Shown(name, label, "、".join(str(item) for item in getattr(obj, name).all()))
    column = Column(name).bound_to(type(obj))
    return Shown(
        name, label, column.text(obj), link_to(getattr(obj, name), user) if field.is_relation else ""
    )


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

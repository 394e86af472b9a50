"""Which record a row means: by the keys a register declares, else by what the database holds unique."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import models

from mofu.registers.sheets.cells import CellProblem

if TYPE_CHECKING:
    from mofu.registers.register import Register

Key = tuple[str, ...]


class PendingUnit(str):
    """The name of a unit that is not there (yet); it matches nothing, ``stand_in`` takes its place in a trial form."""

    stand_in: int

    def __new__(cls, name: str, stand_in: int) -> PendingUnit:
        made = super().__new__(cls, name)
        made.stand_in = stand_in
        return made


def keys_of(register: Register) -> list[Key]:
    """Return the field combinations that tell records apart, the surest first."""
    if register.key_fields:
        return list(register.key_fields)
    model = register.model
    single = [
        (field.name,)
        for field in model._meta.fields
        if field.unique and field.editable and not field.primary_key
    ]
    together = [
        tuple(rule.fields)
        for rule in model._meta.constraints
        if isinstance(rule, models.UniqueConstraint) and rule.condition is None
    ]
    return [*single, *together]


def by_keys(register: Register, values: dict[str, Any], rows: models.QuerySet) -> models.Model | None:
    """Return the record with the same key, None when there is none; several raise CellProblem."""
    for lookup in _lookups(register, values):
        found = list(rows.filter(**lookup)[:50])
        if len(found) > 1:
            found = _agreeing(register, found, values) or found
        if len(found) > 1:
            names = "、".join(
                str(register.model._meta.get_field(name.split("__")[0]).verbose_name) for name in lookup
            )
            raise CellProblem(f"已有多条记录的{names}与本行相同，无法确定是哪一条，请在页面上修改。")
        if found:
            return found[0]
    return None


def _agreeing(register: Register, records: list[models.Model], values: dict[str, Any]) -> list[models.Model]:
    """Return the first of several records with one key that already says all the row says."""
    from mofu.registers.sheets import comparing  # noqa: PLC0415 - comparing knows registers, registers know keys

    return [record for record in records if comparing.agrees(register, record, values)][:1]


def row_key(register: Register, values: dict[str, Any]) -> tuple[Any, ...] | None:
    """Return what tells rows of one file apart, None when the row gives no key."""
    lookup = next(iter(_lookups(register, values, pending=True)), None)
    return tuple(lookup.items()) if lookup else None


def _lookups(
    register: Register, values: dict[str, Any], *, pending: bool = False
) -> Iterable[dict[str, Any]]:
    """Yield the conditions of the keys that ``values`` give whole, then of those whose empty part may be empty."""
    keys = keys_of(register)
    for key in keys:
        if all(_given(values, name) for name in key):
            yield from _usable({name: values[name] for name in key}, pending=pending)
    for key in keys:
        missing = [name for name in key if not _given(values, name)]
        if (
            missing
            and len(missing) < len(key)
            and all(_may_be_empty(register.model, name) for name in missing)
        ):
            lookup = {name: values[name] for name in key if name not in missing}
            yield from _usable(lookup | _empty(register.model, missing), pending=pending)


def _usable(lookup: dict[str, Any], *, pending: bool) -> Iterable[dict[str, Any]]:
    if pending or not any(isinstance(value, PendingUnit) for value in lookup.values()):
        yield lookup


def _given(values: dict[str, Any], name: str) -> bool:
    return values.get(name) not in (None, "")


def _may_be_empty(model: type[models.Model], name: str) -> bool:
    field = model._meta.get_field(name)
    return field.null or field.blank


def _empty(model: type[models.Model], names: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in names:
        if model._meta.get_field(name).null:
            found[f"{name}__isnull"] = True
        else:
            found[name] = ""
    return found

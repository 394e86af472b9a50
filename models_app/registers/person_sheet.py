"""People in workbooks: the same person is found by ID number, else by name, birth date and unit; never by name alone."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from mofu.registers import id_numbers
from mofu.registers.encryption import blind_index
from mofu.registers.pages import mask
from mofu.registers.partial_dates import PartialDate
from mofu.registers.sheets.cells import CellProblem
from mofu.registers.sheets.matching import PendingUnit

_CHECKED = ("id_number", "phone", "sex", "birth_date")


class PersonSheet:
    """Mixin of the registers of laureates and workers: how their rows are completed and matched."""

    def tidy_row(self, values: dict[str, Any], sides: dict[str, dict[str, Any]]) -> list[str]:
        """Let a valid ID number decide the birth date; note what has to be completed later."""
        number = values.get("id_number")
        if "id_number" not in values:
            return ["没有身份证号，待补。"] if values.get("name") and "*" not in str(number) else []
        if not number or "*" in number:
            return []
        birth = _birth_of(id_numbers.normalise(number))
        given = values.get("birth_date")
        if birth and given and not _compatible(given, birth):
            values["birth_date"] = birth
            return [f"出生日期按身份证号记为{birth.shown()}（表中为{PartialDate(given).shown()}）。"]
        return []

    def match_row(self, values: dict[str, Any], rows: models.QuerySet) -> models.Model | None:
        """Return the person a row means, None for a new one; raise CellProblem when that cannot be decided."""
        number = id_numbers.normalise(values.get("id_number") or "")
        if number and "*" not in number:
            found = rows.filter(id_number_hash=blind_index(number)).first()
            if found is not None:
                return _same_name(found, values)
        name, org = values.get("name"), values.get("org")
        if not name or not org or isinstance(org, PendingUnit):
            return None
        return self._namesake(values, rows.filter(name=name, org=org), number)

    def row_key(self, values: dict[str, Any]) -> tuple[Any, ...] | None:
        """Return ID number, or name, birth date and unit: what makes two rows of a file one person."""
        number = id_numbers.normalise(values.get("id_number") or "")
        if number and "*" not in number:
            return ("id_number", number)
        if not values.get("name"):
            return None
        return ("name", values["name"], str(values.get("birth_date") or ""), str(values.get("org") or ""))

    def _namesake(self, values: dict[str, Any], rows: models.QuerySet, number: str) -> models.Model | None:
        """Return the one person of this name in the unit whom nothing in the row contradicts."""
        full = number and "*" not in number
        found = [
            person for person in rows[:20] if not (full and person.id_number) and _agrees(person, values)
        ]
        if len(found) > 1:
            exact = [person for person in found if _whole(person, values)]
            found = exact if len(exact) == 1 else found
        if len(found) > 1:
            raise CellProblem(
                f"该单位有 {len(found)} 位“{values['name']}”，请填写身份证号或出生日期加以区分。"
            )
        return found[0] if found else None


def _birth_of(number: str) -> PartialDate | None:
    try:
        id_numbers.validate(number)
    except ValidationError:
        return None
    return PartialDate(id_numbers.birth_date(number).isoformat())


def _compatible(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _same_name(person: models.Model, values: dict[str, Any]) -> models.Model:
    """Return the person of an ID number; another name under it is a mistake somewhere, never a change."""
    name = values.get("name")
    if name and name != person.name:
        raise CellProblem(
            f"该身份证号已登记的姓名是“{person.name}”，与本行“{name}”不同，请核对姓名或身份证号。"
        )
    return person


def _agrees(person: models.Model, values: dict[str, Any]) -> bool:
    """Whether nothing the row says about who it is speaks against this person."""
    for name in _CHECKED:
        given, stored = str(values.get(name) or ""), str(getattr(person, name, "") or "")
        if not given or not stored or (name == "phone" and "*" not in given):
            continue
        if name == "birth_date" and not _compatible(given, stored):
            return False
        if name in ("id_number", "phone") and "*" in given and given != mask(name, stored):
            return False
        if name == "sex" and given != stored:
            return False
    return True


def _whole(person: models.Model, values: dict[str, Any]) -> bool:
    """Whether every plain value of the row is what is stored about this person."""
    for name, given in values.items():
        stored = getattr(person, name, None)
        shown = mask(name, stored or "") if "*" in str(given) else getattr(stored, "pk", stored)
        if str(given) != str(shown if shown is not None else ""):
            return False
    return True

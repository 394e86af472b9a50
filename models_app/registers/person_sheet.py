"""People in workbooks: the same person is found by ID number, else by name, birth date and unit; never by name alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from mofu.accounts.models import User
from mofu.registers import id_numbers
from mofu.registers.encryption import blind_index
from mofu.registers.masks import masks
from mofu.registers.partial_dates import PartialDate
from mofu.registers.register import Tidier
from mofu.registers.sheets.cells import CellProblem
from mofu.registers.sheets.matching import Finder, Values, with_related

SHOWN = 3  # units of namesakes named in a note
_CHECKED = ("id_number", "phone", "sex", "birth_date")


class PersonSheet:
    """Mixin of the registers of laureates and workers: how their rows are completed and matched."""

    def merge_refusal(self, winner: models.Model, loser: models.Model, user: User) -> str:
        """Two ID numbers are two people, until somebody corrects the wrong one."""
        numbers = {winner.id_number_hash, loser.id_number_hash} - {None, ""}
        if len(numbers) > 1:
            return "两条记录的身份证号不同，不是同一人，不能合并；如果有一个号码录错，请先改正。"
        return super().merge_refusal(winner, loser, user)

    def fold_refusal(self, kept: models.Model, row: models.Model) -> str:
        """A name alone never makes two people one, not even within a unit that two units have become."""
        if kept.birth_date and row.birth_date:
            return ""
        return "姓名相同，但没有身份证号和出生日期，不能确定是同一人。请先核实这两人：补填身份证号，或在“重复核查”中合并。"

    def tidier(self) -> Tidier:
        """Return what completes a person's row."""
        return lambda values, _sides: tidy_person(values)

    def finder(self, rows: models.QuerySet) -> PersonFinder:
        """Return what finds people."""
        return PersonFinder(self, rows)


def tidy_person(values: Values) -> list[str]:
    """Let a valid ID number decide the birth date; note what has to be completed later."""
    number = values.get("id_number")
    if "id_number" not in values:
        return ["没有身份证号，待补。"] if values.get("name") else []
    if not number or "*" in number:
        return []
    birth = _birth_of(id_numbers.normalise(number))
    given = values.get("birth_date")
    if birth and given and not _compatible(given, birth):
        values["birth_date"] = birth
        return [f"出生日期按身份证号记为{birth.shown()}（表中为{PartialDate(given).shown()}）。"]
    return []


class PersonFinder(Finder):
    """Finds people by ID number, else by name, birth date and unit."""

    def prefetch(self, rows: Sequence[Values]) -> None:
        """Read whoever bears one of the numbers, or one of the names in one of the units."""
        numbers = {blind_index(number) for values in rows if (number := _whole_number(values))}
        named = {
            (values["name"], values["org"])
            for values in rows
            if values.get("name") and isinstance(values.get("org"), int)
        }
        people = with_related(self.rows)
        bearers = people.filter(id_number_hash__in=numbers) if numbers else ()
        self._by_number = {person.id_number_hash: person for person in bearers}
        self._by_name: dict[tuple[str, int], list[models.Model]] = defaultdict(list)
        if named:
            names, units = zip(*named, strict=True)
            for person in people.filter(name__in=set(names), org__in=set(units)):
                self._by_name[person.name, person.org_id].append(person)
        self._units_of = defaultdict(list)
        names = {values["name"] for values in rows if values.get("name")}
        for name, unit in self.rows.filter(name__in=names).values_list("name", "org__name"):
            self._units_of[name].append(unit)

    def find(self, values: Values) -> models.Model | None:
        """Return the person a row means, None for a new one; raise CellProblem when that cannot be decided."""
        number = _whole_number(values)
        found = self._by_number.get(blind_index(number)) if number else None
        if found is not None:
            return _same_name(found, values)
        return self._namesake(values, number)

    def doubts(self, values: Values) -> list[str]:
        """Name the people of the same name: they may be meant, but a name alone decides nothing."""
        units = self._units_of.get(values.get("name"), [])
        if not units:
            return []
        more = f"等 {len(units)} 人" if len(units) > SHOWN else ""
        return [
            f"已登记有同名人员（{'、'.join(units[:SHOWN])}{more}），按不同的人新增；如是同一人，请选择“更新已有记录”。"
        ]

    def row_key(self, values: Values) -> tuple[Any, ...] | None:
        """Return ID number, or name, birth date and unit: what makes two rows of a file one person."""
        number = _whole_number(values)
        if number:
            return ("id_number", number)
        if not values.get("name"):
            return None
        return ("name", values["name"], str(values.get("birth_date") or ""), str(values.get("org") or ""))

    def _namesake(self, values: Values, number: str) -> models.Model | None:
        """Return the one person of this name in the unit whom nothing in the row contradicts."""
        people = self._by_name.get((values.get("name"), values.get("org")), [])
        found = [person for person in people if not (number and person.id_number) and _agrees(person, values)]
        if len(found) > 1:
            exact = [person for person in found if _whole(person, values)]
            found = exact if len(exact) == 1 else found
        if len(found) > 1:
            raise CellProblem(
                f"该单位有 {len(found)} 位“{values['name']}”，请填写身份证号或出生日期加以区分。"
            )
        return found[0] if found else None


def _whole_number(values: Values) -> str:
    """Return the row's ID number, empty when it gives none or a masked one."""
    number = id_numbers.normalise(values.get("id_number") or "")
    return "" if "*" in number else number


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
        if name in ("id_number", "phone") and "*" in given and given not in masks(name, stored):
            return False
        if name == "sex" and given != stored:
            return False
    return True


def _whole(person: models.Model, values: dict[str, Any]) -> bool:
    """Whether every plain value of the row is what is stored about this person."""
    for name, given in values.items():
        stored = getattr(person, name, None)
        hidden = "*" in str(given) and given in masks(name, stored or "")
        shown = given if hidden else getattr(stored, "pk", stored)
        if str(given) != str(shown if shown is not None else ""):
            return False
    return True

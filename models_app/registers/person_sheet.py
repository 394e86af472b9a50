"""People in workbooks: the same person is found by ID number, else by name, birth date and unit; never by name alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from models_app import erasing
from models_app.models.person import Person
from mofu.accounts.models import User
from mofu.encryption import blind_index
from mofu.registers import id_numbers
from mofu.registers.masks import masks
from mofu.registers.partial_dates import PartialDate
from mofu.registers.register import Tidier
from mofu.registers.sheets.cells import CellProblem
from mofu.registers.sheets.matching import Finder, Values, with_related

SHOWN = 3  # units of namesakes named in a note
_CHECKED = ("id_number", "phone", "sex", "birth_date")


class PersonSheet:
    """Mixin of the registers of laureates and workers: how their rows are completed, matched and erased."""

    erasable = True

    def erasure(self, person: Person) -> erasing.Erasure:
        """Return what erasing a person's data means."""
        return erasing.erasure_of(person)

    def erase(self, person: Person, *, reason: str, on: date) -> None:
        """Erase a person's data for good."""
        erasing.erase(person, reason=reason, on=on)

    def merge_refusal(self, winner: models.Model, loser: models.Model, user: User) -> str:
        """Two ID numbers are two people until somebody corrects the wrong one; a merge brings nothing erased back."""
        numbers = {winner.id_number_hash, loser.id_number_hash} - {None, ""}
        if len(numbers) > 1:
            return "两条记录的身份证号不同，不是同一人，不能合并；如果有一个号码录错，请先改正。"
        if (winner.erased_on is None) != (loser.erased_on is None):
            return "其中一条的个人信息已按申请删除，不能与未删除的合并；如是同一人，请先对另一条也办理“删除个人信息”。"
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
    given, number = values.get("birth_date"), id_numbers.normalise(number)
    if not given or _compatible(given, f"{number[6:10]}-{number[10:12]}-{number[12:14]}"):
        return []
    birth = _birth_of(number)
    if birth:
        values["birth_date"] = birth
        return [f"出生日期按身份证号记为{birth.shown()}（表中为{PartialDate(given).shown()}）。"]
    return []


class PersonFinder(Finder):
    """Finds people by ID number, else by name, birth date and unit."""

    def prefetch(self, rows: Sequence[Values]) -> None:
        """Read whoever bears one of the numbers, or one of the names in one of the units."""
        told = {number for values in rows if (number := _whole_number(values))}
        self._hashes = {number: blind_index(number) for number in told}
        named = {
            (values["name"], values["org"])
            for values in rows
            if values.get("name") and isinstance(values.get("org"), int)
        }
        people = with_related(self.rows)
        bearers = people.filter(id_number_hash__in=set(self._hashes.values())) if told else ()
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
        found = self._by_number.get(self._hashes.get(number) or blind_index(number)) if number else None
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

    def contradictions(self, first: Values, second: Values) -> list[str]:
        """Return what speaks against two rows meaning one person; without number and birth date the phone does, too."""
        found = [name for name in _CHECKED if _differ(name, first.get(name), second.get(name))]
        sure = _whole_number(first) and _whole_number(second)
        sure = sure or (first.get("birth_date") and second.get("birth_date"))
        named = first.get("name") and second.get("name") and first["name"] != second["name"]
        return [*(["name"] if named else []), *(name for name in found if name != "phone" or not sure)]

    def _namesake(self, values: Values, number: str) -> models.Model | None:
        """Return the one person of this name in the unit whom nothing in the row contradicts.

        A new ID number is given to nobody of whom neither number nor birth date is known: that is for the user to say.
        """
        people = self._by_name.get((values.get("name"), values.get("org")), [])
        found = [person for person in people if not (number and person.id_number) and _agrees(person, values)]
        if len(found) > 1:
            exact = [person for person in found if _whole(person, values)]
            born = [person for person in found if number and person.birth_date]
            found = next((fits for fits in (exact, born) if len(fits) == 1), found)
        if len(found) > 1:
            raise CellProblem(
                f"该单位有 {len(found)} 位“{values['name']}”，请填写身份证号或出生日期加以区分。"
            )
        if found and number and not found[0].birth_date:
            raise CellProblem(
                f"该单位已登记的“{values['name']}”没有身份证号和出生日期，不能确定与本行是否同一人："
                "如是同一人，请选择“更新已有记录”；如不是，请选择“作为新记录”。"
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
    """Whether nothing the row says about who it is, its ID number included, speaks against this person."""
    told = _told_by_number(values) | {name: values[name] for name in _CHECKED if values.get(name)}
    return not any(
        _differ(name, given, getattr(person, name, ""))
        for name, given in told.items()
        if "*" in str(given) or name in ("sex", "birth_date")
    )


def _told_by_number(values: Values) -> Values:
    """Return the birth date and the sex that the row's ID number tells, nothing for a wrong number."""
    number = _whole_number(values)
    birth = _birth_of(number) if number else None
    return {"birth_date": birth, "sex": id_numbers.sex(number)} if birth else {}


def _differ(name: str, one: Any, other: Any) -> bool:
    """Whether two values, both given, cannot be about one person; a masked number fits every one it may stand for."""
    one, other = str(one or ""), str(other or "")
    if not one or not other or one == other:
        return False
    if name == "birth_date":
        return not _compatible(one, other)
    if name in ("id_number", "phone") and ("*" in one) != ("*" in other):
        masked, whole = (one, other) if "*" in one else (other, one)
        return masked not in masks(name, whole)
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

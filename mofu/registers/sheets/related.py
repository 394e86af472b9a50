"""Related records of a row, found by name, code or ID number among what the user may see."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.db import models
from django.db.models import Q

from mofu.accounts.models import Organization, User
from mofu.accounts.models.industry import Dictionary
from mofu.accounts.scope import ScopedModel
from mofu.encryption import blind_index
from mofu.registers.id_numbers import normalise
from mofu.registers.register import register_of
from mofu.registers.sheets.cells import CellProblem
from mofu.registers.sheets.texts import half_width, person_name, squeezed

AT_ONCE = 2000  # spellings that are looked up with one query
_WITH_UNIT = re.compile(r"^(.+?)[(（](.+)[)）]$")
_ID_NUMBER = re.compile(r"^\d{17}[\dXx]$")
_BRACKETS = str.maketrans("()", "（）")


class UnknownUnit(Exception):  # noqa: N818 - a question, not a failure
    """A unit that the user cannot see under this name; :mod:`units` asks what to do with it."""


class MissingRecord(CellProblem):
    """Nothing is kept under this name; a free-text column may take it instead."""


class AmbiguousRecord(CellProblem):
    """Several are kept under this name (``keys``); no problem where the stored record already points to one of them."""

    def __init__(self, message: str, keys: Sequence[int] = ()) -> None:
        super().__init__(message)
        self.keys = keys


@dataclass(frozen=True)
class _Hit:
    pk: int
    unit: str  # name of the unit it belongs to, for telling namesakes apart
    path: str = ""  # of that unit


class Related:
    """Looks related records up, each text once; never outside the user's scope."""

    def __init__(self, user: User) -> None:
        self.user = user
        self._known: dict[tuple[type[models.Model], str], list[_Hit]] = {}
        self._told_apart: set[int] = set()

    def is_ambiguous(self, found: Any) -> bool:
        """Whether a key was found by more than its text alone, so that the same text may mean another elsewhere."""
        return isinstance(found, int) and found in self._told_apart

    def find(self, model: type[models.Model], text: str, *, unit: str = "", its_own: bool = False) -> int:
        """Return the key of the one record that ``text`` names; ``unit`` tells namesakes apart.

        ``its_own`` says that the unit is the record's own: somebody of that name in quite another unit is not meant.
        Raises UnknownUnit for a unit that is not there, CellProblem for everything else that is not there or not clear.
        """
        hits = self._hits(model, text)
        with_unit = _WITH_UNIT.match(squeezed(text))
        if not hits and with_unit:
            unit, hits = with_unit[2], self._hits(model, with_unit[1])
            hits = [hit for hit in hits if squeezed(unit) == squeezed(hit.unit)]
        if len(hits) > 1 and unit:
            hits = [hit for hit in hits if self._is_of(hit, unit)] or hits
            self._told_apart |= {hit.pk for hit in hits}
        if len(hits) == 1:
            if its_own and unit and not with_unit and _by_name(model, text):
                self._told_apart.add(hits[0].pk)
                self._must_be_near(model, hits[0], text, unit)
            return hits[0].pk
        if hits:
            raise AmbiguousRecord(_ambiguous(model, text, len(hits)), [hit.pk for hit in hits])
        if model is Organization:
            raise UnknownUnit(text)
        raise MissingRecord(_missing(model, text))

    def unit_note(self, model: type[models.Model], text: str, unit: str) -> list[str]:
        """Return what the user should know about somebody who is registered above or below the unit of the row."""
        hits = self._hits(model, text)
        if not unit or len(hits) != 1 or not _by_name(model, text) or self._is_of(hits[0], unit):
            return []
        return [f"“{text}”登记在“{hits[0].unit}”，本行写的是“{unit}”，按同一人读取，请核对。"]

    def _is_of(self, hit: _Hit, unit: str) -> bool:
        if squeezed(hit.unit) == squeezed(unit):
            return True
        return any(hit.path and found.path == hit.path for found in self._hits(Organization, unit))

    def _must_be_near(self, model: type[models.Model], hit: _Hit, text: str, unit: str) -> None:
        """Refuse a namesake whose unit is neither the row's nor above or below it."""
        paths = [found.path for found in self._hits(Organization, unit) if found.path and hit.path]
        near = any(path.startswith(hit.path) or hit.path.startswith(path) for path in paths)
        if not near and not self._is_of(hit, unit):
            raise AmbiguousRecord(
                f"“{_title(model)}”中的“{text}”属于“{hit.unit}”，本行写的单位是“{unit}”，不能确定是同一人。"
                "请核对单位，或写成“姓名（单位）”，也可填写身份证号。",
                [hit.pk],
            )

    def prefetch(self, model: type[models.Model], texts: Iterable[str]) -> None:
        """Look many texts up with a few queries, however many they are; what stands in brackets behind a name as well."""
        texts = set(texts)
        self._look_up(model, texts)
        missing = (text for text in texts if not self._known[model, squeezed(text)])
        bare = {found[1] for text in missing if (found := _WITH_UNIT.match(squeezed(text)))}
        self._look_up(model, bare)

    def _hits(self, model: type[models.Model], text: str) -> list[_Hit]:
        key = (model, squeezed(text))
        if key not in self._known:
            self._look_up(model, {text})
        return self._known[key]

    def _look_up(self, model: type[models.Model], texts: Iterable[str]) -> None:
        """Learn what is kept under each text: by ID number, else by full name or code, else by short name."""
        names = {field.name for field in model._meta.fields}
        open_ = {squeezed(text): text for text in texts if (model, squeezed(text)) not in self._known}
        self._known |= {(model, key): [] for key in open_}
        numbers = {key for key in open_ if _ID_NUMBER.match(key)} if "id_number_hash" in names else set()
        self._note(model, ("id_number_hash",), ((blind_index(normalise(key)), key) for key in numbers))
        open_ = {key: text for key, text in open_.items() if key not in numbers}
        for lookups in _ways(model, names):
            self._note(
                model, lookups, ((way, key) for key, text in open_.items() for way in _spellings(text))
            )
            open_ = {key: text for key, text in open_.items() if not self._known[model, key]}
        if issubclass(model, Dictionary):
            self._note(model, ("name",), ((model.written_out(key), key) for key in open_))

    def _note(
        self, model: type[models.Model], lookups: Sequence[str], spelt: Iterable[tuple[str, str]]
    ) -> None:
        """Note the records whose columns ``lookups`` hold a spelling, at the keys of the spelling: (spelling, key)."""
        keys: dict[str, set[str]] = defaultdict(set)
        for spelling, key in spelt:
            keys[spelling].add(key)
        found: dict[str, dict[int, _Hit]] = defaultdict(dict)
        for block in batched(keys, AT_ONCE):
            condition = Q()
            for lookup in lookups:
                condition |= Q(**{f"{lookup}__in": block})
            for row in self._rows(model).filter(condition):
                for key in {key for lookup in lookups for key in keys.get(getattr(row, lookup), ())}:
                    found[key][row.pk] = _hit(row)
        self._known |= {(model, key): list(hits.values()) for key, hits in found.items()}

    def _rows(self, model: type[models.Model]) -> models.QuerySet:
        if issubclass(model, ScopedModel):
            rows = model.objects.visible_to(self.user)
        elif issubclass(model, Dictionary):
            rows = model.objects.filter(active=True)
        else:
            rows = model.objects.all()
        home = model.scope_fields[0] if issubclass(model, ScopedModel) else ""
        return rows.select_related("parent" if model is Organization else home) if home else rows


def _ways(model: type[models.Model], names: set[str]) -> list[tuple[str, ...]]:
    """Return the look-ups to try in turn: full names and codes before short names."""
    title = getattr(model, "title_field", "name")
    first = tuple(name for name in (title, "code") if name in names)
    rest = tuple(name for name in ("short_name",) if name in names)
    return [way for way in (first, rest) if way]


def _spellings(text: str) -> set[str]:
    """Return the spellings under which a text may be kept: blanks and brackets written one way or the other."""
    half = half_width(text)
    tight = "".join(half.split())
    plain = {text.strip(), half, tight, person_name(text)}
    return plain | {spelling.translate(_BRACKETS) for spelling in plain}


def _hit(row: models.Model) -> _Hit:
    if isinstance(row, Organization):
        return _Hit(row.pk, str(row.parent or "") if row.parent_id else "", row.path or "")
    unit = row
    for step in (row.scope_fields[0] if isinstance(row, ScopedModel) else "").split("__"):
        unit = getattr(unit, step, None) if step else None
    return _Hit(row.pk, str(unit or ""), getattr(unit, "path", "") or "")


def is_person(model: type[models.Model]) -> bool:
    """Whether the records are people, whose names others may bear."""
    return any(field.name == "id_number_hash" for field in model._meta.fields)


def _by_name(model: type[models.Model], text: str) -> bool:
    """Whether the text names a person by a name and not by the ID number."""
    return is_person(model) and not _ID_NUMBER.match(squeezed(text))


def _title(model: type[models.Model]) -> str:
    return str(model._meta.verbose_name)


def _missing(model: type[models.Model], text: str) -> str:
    if issubclass(model, Dictionary):
        names: Sequence[str] = model.objects.filter(active=True).values_list("name", flat=True)[:30]
        return f"“{_title(model)}”字典中没有“{text}”。现有：{'、'.join(names)}。"
    place = "台账" if register_of(model) else "名单"
    return f"“{_title(model)}”{place}中没有“{text}”，或不在您的查看范围内。请先登记，或核对名称。"


def _ambiguous(model: type[models.Model], text: str, count: int) -> str:
    return f"“{_title(model)}”中有 {count} 条“{text}”，无法确定是哪一条。请写成“名称（单位）”，人员也可填写身份证号。"

"""The decisions in a submitted preview: units, rows, cells, columns, worksheet."""

from __future__ import annotations

import re

from django.http import QueryDict

from mofu.registers.forms import keys_among
from mofu.registers.sheets import units
from mofu.registers.sheets.answers import CREATE, SKIP, UPDATE, Answers
from mofu.registers.sheets.texts import head_key, squeezed

LEFT_OUT = "-"  # what a page sends for a column that is not wanted
LONGEST = 2000  # characters of a corrected cell
_CELL = re.compile(r"^cell-(\d{1,7})-(\d{1,3})$")
_ROW = re.compile(r"^row-(\d{1,7})$")
_PICKED = re.compile(r"^pick-(\d{1,7})$")
_NUMBERED = re.compile(r"^(unit|head)-(\d{1,5})$")


def posted(data: QueryDict, answers: Answers) -> Answers:
    """Return ``answers`` with what a submitted preview adds.

    ``unit-<n>`` (name) with ``answer-<n>`` (create, skip, map) and ``map-<n>`` (key of a unit), ``shown-<n>`` being the
    answer that the page already had (sent back, it decides nothing); ``units`` (create, skip, empty) for all units without
    an answer of their own, ``units-all`` to forget those; ``row-<number>``
    (skip, create, update:<key>, empty for the system's choice), ``pick-<number>`` (key of the record to update);
    ``cell-<row>-<place>`` with ``was-<row>-<place>``, and ``alike-<row>-<place>`` where all cells of the column that say the
    same are to be corrected alike;
    ``head-<n>`` (head of an unknown column) with ``column-<n>`` (field, ``-`` to leave it out, empty while undecided);
    ``sheet``.
    """
    given = Answers.from_json(answers.as_json())
    if "sheet" in data and data["sheet"] != answers.sheet:
        return Answers(sheet=data["sheet"][:100])  # another sheet: earlier decisions were about other rows
    _settle_other_units(given, data)
    for name, text in data.items():
        if found := _CELL.match(name):
            place = f"{found[1]}-{found[2]}"
            was, alike = data.get(f"was-{place}", ""), bool(data.get(f"alike-{place}"))
            _correct(given, int(found[1]), int(found[2]), data.getlist(name), was, alike=alike)
        elif found := _ROW.match(name):
            _choose(given, int(found[1]), text)
        elif (found := _PICKED.match(name)) and keys_among([text]):
            given.rows[int(found[1])] = f"{UPDATE}{text}"
        elif (found := _NUMBERED.match(name)) and found[1] == "unit":
            _settle_unit(given, text, data, found[2])
        elif found:
            _settle_column(given, text, data.get(f"column-{found[2]}", ""))
    return given


def _correct(given: Answers, row: int, place: int, texts: list[str], was: str, *, alike: bool) -> None:
    """Take the corrected text, for this cell or for all of its column that say the same.

    A cell with two problems has two boxes, of which the user may change either.
    """
    changed = next((text[:LONGEST] for text in texts if text != was), None)
    if changed is None:
        return
    if alike and was:
        given.correct_alike(place, was, changed)
    else:
        given.cells.setdefault(row, {})[place] = changed


def _choose(given: Answers, row: int, choice: str) -> None:
    if choice in (SKIP, CREATE) or (choice.startswith(UPDATE) and keys_among([choice.removeprefix(UPDATE)])):
        given.rows[row] = choice
    elif not choice:
        given.rows.pop(row, None)


def _settle_other_units(given: Answers, data: QueryDict) -> None:
    if data.get("units-all"):
        given.units.clear()
    if data.get("units", given.other_units) in ("", units.CREATE, units.SKIP):
        given.other_units = data.get("units", given.other_units)


def _settle_column(given: Answers, head: str, answer: str) -> None:
    key = head_key(head)[:200]
    if answer:
        given.columns[key] = "" if answer == LEFT_OUT else answer[:60]
    else:
        given.columns.pop(key, None)


def _settle_unit(given: Answers, name: str, data: QueryDict, number: str) -> None:
    answer, mapped = data.get(f"answer-{number}", ""), data.get(f"map-{number}", "")
    if answer == "map":
        answer = f"{units.MAP}{mapped}" if keys_among([mapped]) else ""
    if answer == data.get(f"shown-{number}"):
        return
    if answer in ("", units.CREATE, units.SKIP) or (
        answer.startswith(units.MAP) and keys_among([answer.removeprefix(units.MAP)])
    ):
        given.units[squeezed(name)[:200]] = answer

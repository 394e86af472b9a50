"""Records of one file that lie below one another: units whose superior is made by another row, in any order of rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import models

from mofu.registers.sheets.answers import SKIP, Answers
from mofu.registers.sheets.cells import CellProblem, text_of
from mofu.registers.sheets.columns import SheetColumn
from mofu.registers.sheets.heads import Layout
from mofu.registers.sheets.matching import PendingUnit
from mofu.registers.sheets.reading import Cell
from mofu.registers.sheets.results import RowResult, Work
from mofu.registers.sheets.texts import squeezed

Numbered = tuple[int, list[Cell]]
_NAMES = ("name", "short_name", "code")


class Kin:
    """Which rows a row lies below, and what has become of them; of registers whose records know no superior: nothing."""

    def __init__(self, model: type[models.Model], layout: Layout, answers: Answers) -> None:
        self.layout, self.answers = layout, answers
        columns = {column.name: at for at, column in layout.columns.items() if _is_own(column)}
        links = [
            field.name
            for field in model._meta.concrete_fields
            if field.related_model is model and field.name in columns
        ]
        self._link = columns[links[0]] if links else None
        self._named: dict[str, list[int]] = defaultdict(list)  # rows by name, short name and code
        self._settled: dict[int, models.Model | int | None] = {}  # by row: the new record, a stored one's key
        if self._link is not None:
            self._learn_names([columns[name] for name in _NAMES if name in columns])

    def levels(self) -> Iterable[Sequence[Numbered]]:
        """Yield the rows in groups, each group below nothing but rows of earlier ones."""
        if self._link is None:
            yield self.layout.records
            return
        above = {number: self._above(number, cells) for number, cells in self.layout.records}
        depths = _depths(above)
        for depth in sorted(set(depths.values())):
            yield [record for record in self.layout.records if depths[record[0]] == depth]

    def note(self, results: Iterable[RowResult]) -> None:
        """Learn what has become of some rows."""
        for result in results if self._link is not None else ():
            first = result.folded or result
            made = first.work.made.instance if first.work is not None else None
            known = first.record_pk or made
            self._settled[result.row] = known if result.accepted else None

    def superior(self, text: str, row: int) -> PendingUnit | int | None:
        """Return the unit that another row of the file makes under this name, None when no row does.

        Raises CellProblem when that row is refused, when several rows bear the name, or when both lie below each other.
        """
        rows = [number for number in self._named.get(squeezed(text), ()) if number != row]
        if not rows:
            return None
        found = {id(self._settled.get(number)): self._settled.get(number) for number in rows}
        if any(number not in self._settled for number in rows):
            raise CellProblem(f"“{text}”与第 {rows[0]} 行互为上级单位，请核对。")
        if len(found) > 1:
            places = "、".join(map(str, rows[:5]))
            raise CellProblem(f"表中第 {places} 行都叫“{text}”，请改填上级单位的代码。")
        unit = next(iter(found.values()))
        if unit is None:
            raise CellProblem(f"上级单位“{text}”在第 {rows[0]} 行，该行没有被接受，请先改正那一行。")
        return unit if isinstance(unit, int) else PendingUnit(text, unit)

    def _learn_names(self, places: Sequence[int]) -> None:
        for number, cells in self.layout.records:
            if self.answers.rows.get(number) != SKIP:
                for name in {squeezed(self._text(number, cells, at)) for at in places} - {""}:
                    self._named[name].append(number)

    def _above(self, number: int, cells: list[Cell]) -> list[int]:
        named = self._named.get(squeezed(self._text(number, cells, self._link or 0)), ())
        return [other for other in named if other != number]

    def _text(self, number: int, cells: list[Cell], at: int) -> str:
        text = text_of(cells[at])
        corrected = self.answers.corrected(number, at, text)
        return text if corrected is None else corrected


def parents_first(works: list[Work]) -> list[Work]:
    """Return works in the order in which they can be written: after the new units that they lie below."""
    makers = {id(work.made.instance): work for work in works}
    above = {
        id(work): [
            id(makers[id(found.unit)]) for found in work.made.pending.values() if id(found.unit) in makers
        ]
        for work in works
    }
    if not any(above.values()):
        return works
    depths = _depths(above)
    return sorted(works, key=lambda work: depths[id(work)])


def _depths(above: dict[int, list[int]]) -> dict[int, int]:
    """Return how many steps lie above each key; keys in a circle count as if nothing did."""
    depths: dict[int, int] = {}
    waiting = dict(above)
    depth = 0
    while waiting:
        ready = [key for key, others in waiting.items() if not any(other in waiting for other in others)]
        for key in ready or waiting:
            depths[key] = depth
        waiting = {key: others for key, others in waiting.items() if key not in depths}
        depth += 1
    return depths


def _is_own(column: SheetColumn) -> bool:
    return not (column.side or column.shown)

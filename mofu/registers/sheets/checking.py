"""Checking a workbook block by block: nothing is written here; the register's own rules have the last word on every row.

Whatever asks the database does so for a block of rows at once; what one row means is then decided from memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import batched
from typing import Any

from mofu.accounts.models import User
from mofu.registers import bulk
from mofu.registers.register import REGISTERS, Register
from mofu.registers.sheets import answers as decisions
from mofu.registers.sheets import comparing
from mofu.registers.sheets.answers import Answers
from mofu.registers.sheets.cells import CellProblem, text_of
from mofu.registers.sheets.columns import SheetColumn, columns_of, form_for
from mofu.registers.sheets.constraints import Constraints
from mofu.registers.sheets.heads import Layout, understand
from mofu.registers.sheets.kin import Kin
from mofu.registers.sheets.making import Maker
from mofu.registers.sheets.matching import PendingUnit
from mofu.registers.sheets.parsing import Parser
from mofu.registers.sheets.reading import Cell, Sheet
from mofu.registers.sheets.related import AmbiguousRecord, MissingRecord, Related
from mofu.registers.sheets.repeating import withdraw_repeated
from mofu.registers.sheets.results import CHANGED, ERROR, NEW, QUESTION, SAME, SKIPPED, Row, RowResult, Work
from mofu.registers.sheets.side import SideProblem
from mofu.registers.sheets.sides import Sides
from mofu.registers.sheets.texts import person_name, printable, squeezed
from mofu.registers.sheets.units import Units

MOST_SHOWN = 5000
BLOCK = 1000  # rows that share their queries


class Checker:
    """Checks the rows of one workbook for one user; ``answers`` settle the questions asked before."""

    def __init__(
        self,
        register: Register,
        user: User,
        sheets: list[Sheet],
        answers: Answers | None = None,
        *,
        shows: int = MOST_SHOWN,
    ) -> None:
        self._shows = shows  # rows without problems that may still be kept as a preview shows them
        self.register, self.user, self.answers = register, user, answers or Answers()
        self.maker = Maker(register, user)
        self.columns = columns_of(register, self.maker.blank, user)
        self.layout: Layout = understand(
            sheets, self.columns, mapping=self.answers.columns, sheet=self.answers.sheet
        )
        self.units = Units(user, self.answers.units, self.layout.reporting_unit, self.answers.other_units)
        side_forms = {side.ident: form_for(REGISTERS[side.slug], user) for side in register.sheet_sides}
        self.kin = Kin(register.model, self.layout, self.answers)
        self.parser = Parser(
            register, self.maker.blank, side_forms, Related(user), self.units, self.layout, self.kin
        )
        self.sides = Sides(register, user, self.layout)
        self.constraints = Constraints(register.model)
        self.finder = register.finder(register.rows(user))
        self._among_namesakes = register.finder(register.rows(user))
        self.labels = {name: str(field.label) for name, field in self.maker.blank.fields.items()}
        self.defaults = self._defaults()
        self._tidy = register.sheet_tidier(self.layout)
        self._shown_columns = self.layout.read_columns
        self._read_columns = [item for item in self.layout.columns.items() if not item[1].shown]
        self._first: dict[Any, tuple[RowResult, tuple, tuple]] = {}  # with what the row says: names, values
        self._names: dict[tuple, tuple] = {}

    @property
    def total(self) -> int:
        """The number of rows that will be checked."""
        return len(self.layout.records)

    def blocks(self) -> Iterator[list[RowResult]]:
        """Yield the results of the rows, block by block: in the order of the file, but superiors before what lies below."""
        for level in self.kin.levels():
            for records in batched(level, BLOCK):
                yield self._checked(records)

    def _defaults(self) -> dict[str, Any]:
        """Return what a new record starts with; rows without a unit belong to the reporting unit."""
        found = dict(self.register.initial(self.user))
        return found | {"org": self.units.home.pk} if found.get("org") else found

    def _checked(self, records: tuple[tuple[int, list[Cell]], ...]) -> list[RowResult]:
        rows = [self._row(number, cells) for number, cells in records]
        alive = [row for row in rows if row.result.status != SKIPPED]
        self.parser.prefetch([row.result.cells for row in alive])
        for row in alive:
            self._parse(row)
        self._find_records(alive)
        self.sides.check(alive)
        for row in alive:
            self.sides.show(row)
            self._judge(row)
        self.kin.note(row.result for row in rows)
        return [row.result for row in rows]

    def _row(self, number: int, cells: list[Cell]) -> Row:
        """Return a row to be checked, with the user's corrections in it."""
        if number in self.answers.cells or self.answers.alike:
            cells = [self._corrected(number, index, cell) for index, cell in enumerate(cells)]
        row = Row(RowResult(number, self.layout.serial(cells), cells), self.layout)
        if self.answers.rows.get(number) == decisions.SKIP:
            row.result.status = SKIPPED
            row.result.notes.append("按您的选择跳过。")
        return row

    def _corrected(self, number: int, index: int, cell: Cell) -> Cell:
        instead = self.answers.corrected(number, index, text_of(cell))
        return cell if instead is None else printable(instead)

    # cells ---------------------------------------------------------------------------------------------

    def _parse(self, row: Row) -> None:
        result = row.result
        for index, column in self._read_columns:
            try:
                found = self.parser.value(column, index, result)
            except CellProblem as problem:
                self._not_taken(row, column, index, problem)
                continue
            if found is None:
                continue
            value, questions, notes = found
            target = row.sides.setdefault(column.side, {}) if column.side else row.own
            target[column.name] = value
            if questions or notes:
                if questions and not column.side:
                    row.asked[column.name] = (index, questions)
                result.questions += questions
                result.notes += notes
        self.sides.complete(row)
        try:
            row.result.notes += self._tidy(row.own, row.sides)
        except SideProblem as problem:
            row.field_problem(problem.name, str(problem), side=problem.side)

    def _not_taken(self, row: Row, column: SheetColumn, index: int, problem: CellProblem) -> None:
        """Note the problem, unless a free-text field takes the name of somebody who is not registered."""
        target = row.sides.setdefault(column.side, {}) if column.side else row.own
        missing = isinstance(problem, MissingRecord)
        instead = self.register.sheet_fallbacks.get(column.name, "") if missing else ""
        if isinstance(problem, AmbiguousRecord) and not column.side:
            row.unclear[column.name] = (index, problem)
        elif instead:
            target[instead] = person_name(text_of(row.result.cells[index]))
        else:
            row.problem(column.label, str(problem), index)
            target[column.name] = None

    # records -------------------------------------------------------------------------------------------

    def _find_records(self, rows: list[Row]) -> None:
        """Find or make the records that some rows mean."""
        given = [row.values for row in rows]
        meant = [self.defaults | values for values in given]
        self.finder.prefetch(meant)
        self.maker.prefetch(meant)
        trials = [self.defaults | trial for row in rows for trial in _trials(row)]
        if trials:
            self._among_namesakes.prefetch(trials)
        for row, values, whole in zip(rows, given, meant, strict=True):
            self._settle(row, values, whole)
        self._ask_constraints(rows)

    def _settle(self, row: Row, values: dict[str, Any], meant: dict[str, Any]) -> None:
        """Find the record a row means; fold the row into an earlier one about the same, or make its record.

        ``meant`` is what the row says, with the defaults that stand where it says nothing.
        """
        result = row.result
        self._find(row, values, meant)
        if result.record is not None and withdraw_repeated(self.register, row, result.record, self.units):
            values = row.values
            meant = self.defaults | values
        broken = row.broken | self._still_unclear(row)
        own_key = self.finder.row_key(meant)
        result.record_pk = result.record.pk if result.record is not None else None
        row.key = result.record_pk or own_key
        first = self._first.get(row.key) if row.key is not None else None
        if first is not None and not result.problems:
            self._fold(row, first[0], dict(zip(*first[1:], strict=True)))
            return
        self._make(row, values, broken)
        undecided = any(question.decision in ("", "skip") for question in result.questions)
        if row.key is not None and not result.problems and not undecided:
            names = tuple(values)  # the same for most rows, and kept once
            self._first[row.key] = (result, self._names.setdefault(names, names), tuple(values.values()))

    def _find(self, row: Row, values: dict[str, Any], meant: dict[str, Any]) -> None:
        chosen = self.answers.chosen(row.result.row)
        if chosen is not None:
            row.result.record = self.register.rows(self.user).filter(pk=chosen).first()
            if row.result.record is None:
                row.problem("", "您选择的记录已不存在，或不在您的查看范围内，请重新选择。")
        elif self.answers.rows.get(row.result.row) != decisions.CREATE:
            try:
                row.result.record = self.finder.find(meant)
            except CellProblem as problem:
                row.problem("", str(problem))
            if row.result.record is None and row.unclear and not row.result.problems:
                self._try_namesakes(row)

    def _try_namesakes(self, row: Row) -> None:
        """Find the stored record that says all the row says, whichever of the namesakes it belongs to."""
        for trial in _trials(row):
            with suppress(CellProblem):
                found = self._among_namesakes.find(self.defaults | trial)
                if found is not None and comparing.agrees(self.register, found, trial):
                    row.result.record = found
                    return

    def _still_unclear(self, row: Row) -> set[str]:
        """Note the names that several bear, unless the stored record points to one of that name already."""
        found = set()
        for name, (index, problem) in row.unclear.items():
            stored = getattr(row.result.record, name, None)
            if stored is None or squeezed(str(stored)) != squeezed(text_of(row.result.cells[index])):
                row.problem(name, str(problem), index)
                found.add(name)
        return found

    def _make(self, row: Row, values: dict[str, Any], broken: set[str]) -> None:
        result, record = row.result, row.result.record
        if record is not None and not broken and comparing.agrees(self.register, record, values):
            result.label = str(record)
            self._show(row, record, values)
            return
        row.before = bulk.values_of(record) if record is not None else {}
        made = (
            self.maker.changed(record, values)
            if record is not None
            else self.maker.new(values, self.defaults)
        )
        row.made_problems(made, self.labels, broken)
        result.label = str(made.instance) if not made.errors else ""
        if not made.errors:
            if record is None and self.answers.rows.get(result.row) != decisions.CREATE:
                result.notes += self.finder.doubts(values)
            if record is not None:
                result.changes = comparing.changes(self.register, made, row.before, self.labels)
            if record is None or result.changes:
                result.work = Work(made, row.before, status=CHANGED if record is not None else NEW)
        self._show(row, made.instance, values)

    def _fold(self, row: Row, first: RowResult, said: dict[str, Any]) -> None:
        """Treat a row about a record that an earlier row has settled: only what it carries beside is new."""
        result = row.result
        result.folded, result.record, result.label = first, first.record, first.label
        result.record_pk = first.record_pk
        result.shown = list(first.shown)
        names = "、".join(
            self.labels.get(name, name) for name in self.finder.contradictions(said, row.values)
        )
        differing = self._differing(first, result)
        if names:
            row.problem(
                "", f"与第 {first.row} 行按身份证号或姓名、单位应是同一人，但{names}不同。"
                "请核对；如是不同的人，请填写各自的身份证号或出生日期。",
            )  # fmt: skip
        elif differing and not self.sides.carries(row):
            row.problem("", f"与第 {first.row} 行重复，内容又不一致，请保留一行。")
        else:
            words = f"；{'、'.join(differing)}不同，以第 {first.row} 行为准" if differing else ""
            result.notes.append(
                f"与第 {first.row} 行是同一{'人' if self.register.secret_fields else '条记录'}{words}。"
            )

    def _differing(self, first: RowResult, second: RowResult) -> list[str]:
        """Return the heads of the row's own columns in which two rows differ."""
        return [
            text_of(self.layout.header[index])
            for index, column in sorted(self.layout.columns.items())
            if not (column.side or column.shown)
            and text_of(first.cells[index]) != text_of(second.cells[index])
        ]

    def _show(self, row: Row, record: Any, values: dict[str, Any]) -> None:
        """Keep the row as it will be stored, for the preview."""
        if not self._keeps(row):
            return
        for column in self._shown_columns:
            if not column.side:
                given = values.get(column.name)
                text = f"{given}（新单位）" if isinstance(given, PendingUnit) else ""
                row.result.shown.append(text or comparing.text(self.register, record, column.name))

    def _keeps(self, row: Row) -> bool:
        """Whether a preview shows what becomes of a row: of all that ask something, of the first of the others."""
        if not row.result.questions:
            self._shows -= 1
        return not row.result.problems and self._shows >= 0

    def _ask_constraints(self, rows: list[Row]) -> None:
        """Note what the database would refuse among the records that are to be written."""
        asked = []
        for row in rows:
            if row.result.work is not None and not row.result.problems:
                instance = row.result.work.made.instance
                instance.derive()
                asked.append((instance, row.result.row, self._reporter(row)))
        self.constraints.check(asked)

    def _reporter(self, row: Row) -> Any:
        return lambda name, message: row.field_problem(name, message, self.labels.get(name, ""))

    # verdict -------------------------------------------------------------------------------------------

    def _judge(self, row: Row) -> None:
        result = row.result
        undecided = [question for question in result.questions if question.decision in ("", "skip")]
        if (
            result.folded is not None
            and not result.folded.accepted
            and not result.problems
            and result.folded.status
        ):
            row.problem(
                "",
                f"与第 {result.folded.row} 行是同一{'人' if self.register.secret_fields else '条记录'}，该行未能导入。",
            )
        if result.problems:
            result.status = ERROR
        else:
            result.status = QUESTION if undecided else self._status(result)
        if not result.accepted:
            result.forget_work()
        if result.work is not None and result.record is None:
            result.record = result.work.made.instance

    def _status(self, result: RowResult) -> str:
        """Return what becomes of a row that is in order: NEW, CHANGED or SAME."""
        if result.folded is None and result.record_pk is None:
            return NEW
        statuses = {side.status for side in result.sides}
        if result.folded is not None and NEW in statuses:
            return NEW
        return CHANGED if result.changes or statuses & {NEW, CHANGED} else SAME


def _trials(row: Row) -> list[dict[str, Any]]:
    """Return what a row may mean: its values with each of the namesakes in turn."""
    return [row.values | {name: key} for name, (_, problem) in row.unclear.items() for key in problem.keys]

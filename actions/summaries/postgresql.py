"""The triggers on PostgreSQL: one statement at a time, over its transition tables, keys in order against deadlocks."""

from __future__ import annotations

from collections.abc import Iterator

from actions.summaries.counts import (
    ALL_TEN,
    BOARD,
    COUNTS,
    MONTHS,
    TEN_ONE,
    UNIT,
    UNIT_YEARS,
    WATCHED,
    WORKER,
    WORKER_YEAR,
    Count,
    months_of,
)

VENDOR = "postgresql"
_TABLES = {
    "insert": ("new table as come", ("come",)),
    "delete": ("old table as gone", ("gone",)),
    "update": ("old table as gone new table as come", ("gone", "come")),
}
_SIGN = {"come": 1, "gone": -1}


def statements() -> Iterator[str]:
    """Yield the statements that install functions and triggers anew."""
    for event, (referencing, tables) in _TABLES.items():
        ten_ones = [_count(count, tables) for count in COUNTS]
        yield from _trigger(f"ten_one_{event}", TEN_ONE, event, referencing, ten_ones)
        yield from _trigger(f"worker_year_{event}", WORKER_YEAR, event, referencing, [_years(tables)])
        yield from _trigger(f"worker_{event}", WORKER, event, referencing, [_workers(tables)])
        yield from _trigger(f"unit_{event}", UNIT, event, referencing, [_units(tables)])


def _trigger(name: str, table: str, event: str, referencing: str, body: list[str]) -> Iterator[str]:
    yield (
        f"create or replace function {name}() returns trigger language plpgsql as "
        f"$$ begin {' '.join(body)} return null; end $$"
    )
    yield f"drop trigger if exists {name} on {table}"
    yield (
        f"create trigger {name} after {event} on {table} referencing {referencing} "
        f"for each statement execute function {name}()"
    )


def _count(count: Count, tables: tuple[str, ...]) -> str:
    columns, number = ", ".join(count.keys), count.number
    rows = " union all ".join(_changed(count, table, tables) for table in tables)
    return _add(count.table, columns, (number,), rows) + (
        f" delete from {count.table} where {number} = 0 and ({columns}) in (select {columns} from ({rows}) r);"
        if "gone" in tables
        else ""
    )


def _changed(count: Count, table: str, tables: tuple[str, ...]) -> str:
    """The keys of the rows of one transition table; rows that an update left as they were cancel each other out."""
    pairs = zip(count.expressions(table, VENDOR), count.keys, strict=True)
    listed = ", ".join(f"{value} as {column}" for value, column in pairs)
    unchanged = ""
    if len(tables) > 1:
        other = tables[1 - tables.index(table)]
        same = " and ".join(f"o.{name} is not distinct from {table}.{name}" for name in WATCHED)
        unchanged = f" and not exists (select 1 from {other} o where o.id = {table}.id and {same})"
    when = count.when.format(row=table)
    return f"select {listed}, {_SIGN[table]} as {count.number} from {table} where {when}{unchanged}"


def _units(tables: tuple[str, ...]) -> str:
    """What units that come, go or are moved to another board take along: the months of their ten ones."""
    moved = ""
    if len(tables) > 1:
        other = BOARD.format(path="o.path")
        moved = f" where not exists (select 1 from {{other}} o where o.id = {{table}}.id and {other} is not distinct from {{board}})"
    parts = []
    for table in tables:
        others = [name for name in tables if name != table]
        where = moved.format(
            table=table, other=others[0] if others else "", board=BOARD.format(path=f"{table}.path")
        )
        months = months_of(f"{table}.id", f"{table}.path", VENDOR)
        parts.append(
            f"select m.year, m.item_id, m.month, m.board_id, m.people * {_SIGN[table]} as people "
            f"from {table} cross join lateral ({months}) m{where}"
        )
    rows, keys = " union all ".join(parts), "year, item_id, month, board_id"
    return _add(MONTHS, keys, ("people",), rows) + (
        f" delete from {MONTHS} where people = 0 and board_id in (select board_id from ({rows}) r);"
    )


def _years(tables: tuple[str, ...]) -> str:
    """What changed rows of the workers' years come to for the units of these workers."""
    return _add_units(
        [f"{_unit('w', table)} from {table} y join {WORKER} w on w.id = y.worker_id" for table in tables]
    )


def _workers(tables: tuple[str, ...]) -> str:
    """What workers who come, go or move take along; most updates change no unit and touch nothing."""
    moved = "gone.org_id <> come.org_id"
    source = {
        ("come",): "come",
        ("gone",): "gone",
        ("gone", "come"): f"gone join come on come.id = gone.id and {moved}",
    }[tables]
    return _add_units(
        [
            f"{_unit(table, table)} from {source} join {WORKER_YEAR} y on y.worker_id = {table}.id"
            for table in tables
        ]
    )


def _unit(worker: str, table: str) -> str:
    sign = _SIGN[table]
    return (
        f"select y.year, {worker}.org_id, {sign} as participants, "
        f"case when y.items >= {ALL_TEN} then {sign} else 0 end as complete"
    )


def _add_units(parts: list[str]) -> str:
    rows = " union all ".join(parts)
    return _add(UNIT_YEARS, "year, org_id", ("participants", "complete"), rows) + (
        f" delete from {UNIT_YEARS} where participants = 0 and (year, org_id) in (select year, org_id from ({rows}) r);"
    )


def _add(table: str, keys: str, numbers: tuple[str, ...], rows: str) -> str:
    """Add differences to the counts; a key that is not there yet begins with its difference."""
    sums = ", ".join(f"sum({number})" for number in numbers)
    nothing = " or ".join(f"sum({number}) <> 0" for number in numbers)
    sets = ", ".join(f"{number} = t.{number} + excluded.{number}" for number in numbers)
    return (
        f"insert into {table} as t ({keys}, {', '.join(numbers)}) "
        f"select {keys}, {sums} from ({rows}) d group by {keys} having {nothing} order by {keys} "
        f"on conflict ({keys}) do update set {sets};"
    )

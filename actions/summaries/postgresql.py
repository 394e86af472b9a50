"""The triggers on PostgreSQL: one statement at a time, over its transition tables, keys in order against deadlocks."""

from __future__ import annotations

from collections.abc import Iterator

from actions.summaries.counts import ALL_TEN, COUNTS, TEN_ONE, UNITS, WATCHED, WORKER, WORKER_YEAR, Count

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
        yield from _trigger(f"worker_year_{event}", WORKER_YEAR, event, referencing, [_units(tables)])
    yield from _trigger("worker_moved", WORKER, "update", _TABLES["update"][0], [_moved()])


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
    return _add(count.table, columns, (number,), f"select {columns}, n from ({rows}) r") + (
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
    return f"select {listed}, {_SIGN[table]} as n from {table} where {when}{unchanged}"


def _units(tables: tuple[str, ...]) -> str:
    rows = " union all ".join(
        f"select y.year, w.org_id, {_SIGN[table]} as n, case when y.items >= {ALL_TEN} then {_SIGN[table]} else 0 end as f "
        f"from {table} y join {WORKER} w on w.id = y.worker_id"
        for table in tables
    )
    return _add_units(rows)


def _moved() -> str:
    moved = "from gone join come on come.id = gone.id and come.org_id <> gone.org_id"
    rows = " union all ".join(
        f"select y.year, {table}.org_id, {sign} as n, case when y.items >= {ALL_TEN} then {sign} else 0 end as f "
        f"{moved} join {WORKER_YEAR} y on y.worker_id = come.id"
        for table, sign in _SIGN.items()
    )
    return _add_units(rows)


def _add_units(rows: str) -> str:
    numbers = ("participants", "complete")
    listed = f"select year, org_id, n as participants, f as complete from ({rows}) r"
    return _add(UNITS, "year, org_id", numbers, listed) + (
        f" delete from {UNITS} where participants = 0 and (year, org_id) in (select year, org_id from ({rows}) r);"
    )


def _add(table: str, keys: str, numbers: tuple[str, ...], rows: str) -> str:
    """Add differences to the counts; a key that is not there yet begins with its difference."""
    source = "n" if len(numbers) == 1 else ""
    sums = ", ".join(f"sum({source or number})" for number in numbers)
    nothing = " or ".join(f"sum({source or number}) <> 0" for number in numbers)
    sets = ", ".join(f"{number} = t.{number} + excluded.{number}" for number in numbers)
    return (
        f"insert into {table} as t ({keys}, {', '.join(numbers)}) "
        f"select {keys}, {sums} from ({rows}) d group by {keys} having {nothing} order by {keys} "
        f"on conflict ({keys}) do update set {sets};"
    )

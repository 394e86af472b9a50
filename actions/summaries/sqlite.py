"""The triggers on SQLite: one row at a time."""

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

VENDOR = "sqlite"


def statements() -> Iterator[str]:
    """Yield the statements that install the triggers anew."""
    for name, event, condition, body in (*_of_ten_ones(), *_of_workers(), *_of_units()):
        yield f"drop trigger if exists {name}"
        yield f"create trigger {name} after {event} when {condition} begin {' '.join(body)} end"


def _of_ten_ones() -> Iterator[tuple[str, str, str, list[str]]]:
    gone, come = [_minus(count) for count in COUNTS], [_plus(count) for count in COUNTS]
    old, new = (", ".join(f"{row}.{name}" for name in WATCHED) for row in ("old", "new"))
    changed = f"({old}) is not ({new})"
    update = f"update of {', '.join(WATCHED)} on {TEN_ONE}"
    yield "ten_one_added", f"insert on {TEN_ONE}", "new.review_state = 'approved'", come
    yield "ten_one_removed", f"delete on {TEN_ONE}", "old.review_state = 'approved'", gone
    yield "ten_one_left", update, f"old.review_state = 'approved' and {changed}", gone
    yield "ten_one_came", update, f"new.review_state = 'approved' and {changed}", come


def _plus(count: Count) -> str:
    values, number = ", ".join(count.expressions("new", VENDOR)), count.number
    return (
        f"insert into {count.table} ({', '.join(count.keys)}, {number}) select {values}, 1 "
        f"where {count.when.format(row='new')} "
        f"on conflict ({', '.join(count.keys)}) do update set {number} = {number} + 1;"
    )


def _minus(count: Count) -> str:
    pairs = zip(count.keys, count.expressions("old", VENDOR), strict=True)
    same = " and ".join(f"{column} = {value}" for column, value in pairs)
    where = f"where {same} and {count.when.format(row='old')}"
    return (
        f"update {count.table} set {count.number} = {count.number} - 1 {where}; "
        f"delete from {count.table} {where} and {count.number} = 0;"
    )


def _of_workers() -> Iterator[tuple[str, str, str, list[str]]]:
    """A worker's first and last item of the year, the tenth one; a worker who moves, goes or comes (back)."""
    full = f"items >= {ALL_TEN}"
    here = f"(select org_id from {WORKER} where id = {{row}}.worker_id)"
    yield (
        "worker_year_begun", f"insert on {WORKER_YEAR}", "true",
        [f"insert into {UNIT_YEARS} (year, org_id, participants, complete) select new.year, w.org_id, 1, new.{full} "
         f"from {WORKER} w where w.id = new.worker_id {_ADD}"],
    )  # fmt: skip
    yield (
        "worker_year_gone", f"delete on {WORKER_YEAR}", "true",
        [f"update {UNIT_YEARS} set participants = participants - 1, complete = complete - (old.{full}) "
         f"where year = old.year and org_id = {here.format(row='old')};",
         f"delete from {UNIT_YEARS} where year = old.year and org_id = {here.format(row='old')} and participants = 0;"],
    )  # fmt: skip
    yield (
        "worker_year_changed", f"update of items on {WORKER_YEAR}", f"(new.{full}) <> (old.{full})",
        [f"update {UNIT_YEARS} set complete = complete + (new.{full}) - (old.{full}) "
         f"where year = new.year and org_id = {here.format(row='new')};"],
    )  # fmt: skip
    come, gone = _years_come("new"), _years_gone("old")
    yield "worker_added", f"insert on {WORKER}", "true", [come]
    yield "worker_removed", f"delete on {WORKER}", "true", gone
    yield "worker_moved", f"update of org_id on {WORKER}", "new.org_id <> old.org_id", [*gone, come]


def _of_units() -> Iterator[tuple[str, str, str, list[str]]]:
    """A unit that comes, goes or is moved to another board takes the months of its ten ones along."""
    old, new = BOARD.format(path="old.path"), BOARD.format(path="new.path")
    come, gone = _months_come(), _months_gone()
    yield "unit_placed", f"insert on {UNIT}", "new.path is not null", [come]
    yield "unit_removed", f"delete on {UNIT}", "old.path is not null", gone
    yield "unit_moved", f"update of path on {UNIT}", f"{old} is not {new}", [*gone, come]


def _months_come() -> str:
    keys = "year, item_id, month, board_id"
    return (
        f"insert into {MONTHS} ({keys}, people) select * from ({months_of('new.id', 'new.path', VENDOR)}) where true "
        f"on conflict ({keys}) do update set people = people + excluded.people;"
    )


def _months_gone() -> list[str]:
    same = " and ".join(f"g.{name} = {MONTHS}.{name}" for name in ("year", "item_id", "month", "board_id"))
    gone = f"from ({months_of('old.id', 'old.path', VENDOR)}) g"
    return [
        f"update {MONTHS} set people = people - (select g.people {gone} where {same}) "
        f"where board_id = {BOARD.format(path='old.path')} and exists (select 1 {gone} where {same});",
        f"delete from {MONTHS} where board_id = {BOARD.format(path='old.path')} and people = 0;",
    ]


_ADD = (
    "on conflict (year, org_id) do update set "
    "participants = participants + 1, complete = complete + excluded.complete;"
)


def _years_come(row: str) -> str:
    """Add all years of a worker to the unit."""
    return (
        f"insert into {UNIT_YEARS} (year, org_id, participants, complete) "
        f"select y.year, {row}.org_id, 1, y.items >= {ALL_TEN} from {WORKER_YEAR} y where y.worker_id = {row}.id {_ADD}"
    )


def _years_gone(row: str) -> list[str]:
    """Take all years of a worker from the unit."""
    years = f"from {WORKER_YEAR} y where y.worker_id = {row}.id"
    return [
        f"update {UNIT_YEARS} set participants = participants - 1, complete = complete - "
        f"(select y.items >= {ALL_TEN} {years} and y.year = {UNIT_YEARS}.year) "
        f"where org_id = {row}.org_id and year in (select y.year {years});",
        f"delete from {UNIT_YEARS} where org_id = {row}.org_id and participants = 0;",
    ]

"""What each summary counts, said once: the triggers add it up, the check compares with it, the repair rebuilds from it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models

from actions.models import TenOne, TenOneMonth, TenOneYear, UnitYear, Worker, WorkerYear
from mofu.accounts.models import Organization
from mofu.accounts.models.organization import STEP

TEN_ONE, WORKER, WORKER_YEAR = TenOne._meta.db_table, Worker._meta.db_table, WorkerYear._meta.db_table
UNIT = Organization._meta.db_table
APPROVED = "{row}.review_state = 'approved'"
MONTH = {
    "sqlite": "coalesce(cast(strftime('%m', {row}.done_on) as integer), 0)",
    "postgresql": "coalesce(extract(month from {row}.done_on)::integer, 0)",
}
# A path is made of padded keys: its second step is the board, the city's own path has only the first.
BOARD = f"cast(coalesce(nullif(substr({{path}}, {STEP + 1}, {STEP}), ''), substr({{path}}, 1, {STEP})) as integer)"
_BOARD_OF = f"(select {BOARD.format(path='o.path')} from {UNIT} o where o.id = {{row}}.org_id)"


@dataclass(frozen=True)
class Count:
    """One summary of the ten ones: ``keys`` maps its columns to expressions over a ten one ``{row}``; ``when`` narrows."""

    model: type[models.Model]
    keys: dict[str, str]
    number: str
    when: str = APPROVED

    @property
    def table(self) -> str:
        """The table of the summary."""
        return self.model._meta.db_table

    def expressions(self, row: str, vendor: str) -> list[str]:
        """Return the keys of one ten one, as SQL."""
        return [text.replace("{month}", MONTH[vendor]).format(row=row) for text in self.keys.values()]


MONTHS = TenOneMonth._meta.db_table
COUNTS = (
    Count(TenOneMonth, {"year": "{row}.year", "item_id": "{row}.item_id", "month": "{month}",
                        "board_id": _BOARD_OF}, "people", f"{APPROVED} and {_BOARD_OF} is not null"),
    Count(TenOneYear, {"year": "{row}.year", "org_id": "{row}.org_id", "item_id": "{row}.item_id"}, "people"),
    Count(WorkerYear, {"worker_id": "{row}.worker_id", "year": "{row}.year"}, "items"),
)  # fmt: skip
WATCHED = ("review_state", "org_id", "year", "item_id", "done_on", "worker_id")
UNIT_YEARS = UnitYear._meta.db_table
ALL_TEN = 10


def expected(vendor: str) -> dict[type[models.Model], tuple[tuple[str, ...], str]]:
    """Return for every summary its columns and the query that counts them from the records."""
    found = {
        count.model: (
            (*count.keys, count.number),
            f"select {', '.join(count.expressions('t', vendor))}, count(*) from {TEN_ONE} t "
            f"where {count.when.format(row='t')} group by {', '.join(map(str, range(1, len(count.keys) + 1)))}",
        )
        for count in COUNTS
    }
    units = (
        f"select y.year, w.org_id, count(*), sum(case when y.items >= {ALL_TEN} then 1 else 0 end) "
        f"from {WORKER_YEAR} y join {WORKER} w on w.id = y.worker_id group by y.year, w.org_id"
    )
    return found | {UnitYear: (("year", "org_id", "participants", "complete"), units)}


def months_of(unit: str, path: str, vendor: str) -> str:
    """Return the query for what the ten ones of one unit come to by year, item, month and board."""
    month = MONTH[vendor].format(row="t")
    return (
        f"select t.year, t.item_id, {month} as month, {BOARD.format(path=path)} as board_id, count(*) as people "
        f"from {TEN_ONE} t where t.org_id = {unit} and {APPROVED.format(row='t')} and {path} is not null "
        f"group by 1, 2, 3, 4"
    )

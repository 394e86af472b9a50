"""A large invented load for measuring: units, laureates with honours, workers, millions of ten ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from django.db import connection

from actions.demo import MARK, names
from actions.demo.rows import RowWriter
from actions.models import LeadKind, TenOne, TenOneItem, Worker
from models_app.models import Category, Honour, HonourKind, HonourTitle, Laureate, LaureateStatus
from mofu.accounts.models import Organization, OrganizationKind
from mofu.accounts.pinyin import search_key, sort_key
from mofu.encryption import blind_index, encrypt
from mofu.registers.records import ReviewState

UNITS = 2003  # a prime: units, items and years then mix evenly
YEARS = (2024, 2025, 2026)
ROWS_A_WORKER = 8  # of the 30 that ten items in three years make
COMPLETE_EVERY = 50  # one worker in fifty does all ten in one year, and nothing else
LEADERS = 5000  # laureates who lead workers; few lead many
_COMBINATIONS = 30
_STATES = (ReviewState.APPROVED,) * 97 + (ReviewState.PENDING,) * 2 + (ReviewState.DRAFT,)
_STATUSES = (
    (LaureateStatus.IN_SERVICE,) * 62
    + (LaureateStatus.RETIRED,) * 30
    + (LaureateStatus.FARMER,) * 5
    + (LaureateStatus.DEAD,) * 3
)
_PERSON = ("id", "name", "sex", "birth_date", "search", "name_key", "org_id")


@dataclass
class Load:
    """One load; ``say`` takes the lines that tell how far it is."""

    laureates: int
    ten_ones: int
    rng: Random
    today: date
    say: Callable[[str], None]
    units: list[int] = field(default_factory=list)

    def run(self) -> None:
        """Write everything and let the database look at its tables."""
        self.units = _make_units(self.rng)
        self.say(f"单位 {len(self.units)} 个")
        self._write("劳模工匠", Laureate, (*_PERSON, "id_number", "id_number_hash", "category",
                    "status", "position", "specialties", "review_state", "note"), self._laureates())  # fmt: skip
        self._write("荣誉记录", Honour, ("laureate_id", "title_id", "batch_year", "granted_on", "document_no",
                    "review_state", "note"), self._honours())  # fmt: skip
        self._write("职工", Worker, (*_PERSON, "trade", "skill_level", "note"), self._workers())
        self._write("十个一参与", TenOne, ("worker_id", "item_id", "year", "done_on", "org_id", "led_by_id",
                    "lead_kind", "review_state"), self._ten_ones())  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self.say("已更新数据库统计信息")

    def _write(
        self, title: str, model: type, varying: tuple[str, ...], rows: Iterator[tuple[Any, ...]]
    ) -> None:
        for written in RowWriter(model, varying).write(rows):
            self.say(f"{title} {written} 条")

    def _person(self, number: int) -> tuple[Any, ...]:
        rng = self.rng
        sex = "F" if rng.random() < 0.3 else "M"
        name = names.person_name(rng, sex)
        day = f"{rng.randint(1935, 2000)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
        return (
            number,
            name,
            sex,
            day,
            search_key(name),
            sort_key(name),
            self.units[number * 7 % len(self.units)],
        )

    def _laureates(self) -> Iterator[tuple[Any, ...]]:
        rng = self.rng
        for number in range(1, self.laureates + 1):
            person = self._person(number)
            id_number = names.id_number(_birth_of(number), number % names.SERIALS, person[2])
            person = (*person[:3], f"{id_number[6:10]}-{id_number[10:12]}-{id_number[12:14]}", *person[4:])
            yield (*person, encrypt(id_number), blind_index(id_number), rng.choice(Category.values),
                   rng.choice(_STATUSES), rng.choice(names.POSITIONS), rng.choice(names.SPECIALTIES),
                   rng.choice(_STATES), MARK)  # fmt: skip

    def _honours(self) -> Iterator[tuple[Any, ...]]:
        rng = self.rng
        titles = list(
            HonourTitle.objects.exclude(kind=HonourKind.GROUP).order_by("pk").values_list("pk", flat=True)
        )
        for laureate in range(1, self.laureates + 1):
            for title in rng.sample(titles, rng.choice([1, 1, 1, 2])):
                year = rng.randint(1985, self.today.year - 1)
                yield (
                    laureate,
                    title,
                    year,
                    f"{year}-04",
                    f"演示发〔{year}〕{rng.randint(1, 99)}号",
                    rng.choice(_STATES),
                    MARK,
                )

    @property
    def _worker_count(self) -> int:
        return -(-self.ten_ones // ROWS_A_WORKER)

    def _workers(self) -> Iterator[tuple[Any, ...]]:
        for number in range(1, self._worker_count + 1):
            person = self._person(number)
            # Workers have no ID number here: those of one unit are told apart by their birth date.
            person = (*person[:3], _birth_in_unit(number // len(self.units)), *person[4:])
            yield (*person, self.rng.choice(names.TRADES), self.rng.randint(1, 8), MARK)

    def _ten_ones(self) -> Iterator[tuple[Any, ...]]:
        """Yield rows until there are enough; a worker's rows differ in item or year."""
        rng, left = self.rng, self.ten_ones
        items = list(TenOneItem.objects.order_by("number").values_list("pk", flat=True))
        kinds, today = LeadKind.values, self.today.isoformat()
        for worker in range(1, self._worker_count + 1):
            unit = self.units[worker * 7 % len(self.units)]
            for place in _combinations(worker)[: max(0, left)]:
                year_index, item = divmod(place, len(items))
                year = YEARS[year_index]
                day = min(f"{year}-{rng.randrange(12) + 1:02d}-{rng.randrange(28) + 1:02d}", today)
                led = rng.random() < 0.05 and self.laureates > 0
                leader = (
                    (rng.randrange(min(LEADERS, self.laureates)) + 1, rng.choice(kinds))
                    if led
                    else (None, "")
                )
                yield worker, items[item], year, max(day, f"{year}-01-01"), unit, *leader, rng.choice(_STATES)
                left -= 1


def _combinations(worker: int) -> list[int]:
    """Return which of the 30 pairs of year and item a worker did, each once."""
    if worker % COMPLETE_EVERY == 0:
        first = worker // COMPLETE_EVERY % len(YEARS) * 10
        return list(range(first, first + 10))
    return [(worker * 11 + step * 7) % _COMBINATIONS for step in range(ROWS_A_WORKER)]


def _birth_of(number: int) -> str:
    """Return a birth date that, with the number's serial, no other laureate has."""
    day = number // names.SERIALS
    return f"{1936 + day // 336 % 64}-{day // 28 % 12 + 1:02d}-{day % 28 + 1:02d}"


def _birth_in_unit(place: int) -> str:
    """Return a birth date that nobody else has in a unit of up to 22 176 workers."""
    return f"{1935 + place * 7 % 66}-{place // 66 % 12 + 1:02d}-{place // 792 % 28 + 1:02d}"


def _make_units(rng: Random) -> list[int]:
    """Make some 2000 enterprises below the boards and return their keys."""
    boards = list(Organization.everything.boards())
    made = [_unit(rng, boards[number % len(boards)], number) for number in range(UNITS)]
    Organization.everything.bulk_create(made, batch_size=500)
    for unit in made:
        unit.path = f"{unit.parent.path}{unit.pk:06d}"
    Organization.everything.bulk_update(made, ["path"], batch_size=500)
    return [unit.pk for unit in made]


def _unit(rng: Random, board: Organization, number: int) -> Organization:
    name = f"{board}{rng.choice(names.BRANDS)}第{number + 1}{rng.choice(names.TRADES_OF_FIRMS)}"
    unit = Organization(
        name=name, kind=OrganizationKind.ENTERPRISE, parent=board, code=f"LOAD{number + 1:05d}", contact=MARK
    )
    unit.search, unit.name_key = search_key(name, "", extra=unit.code), sort_key(name)
    return unit

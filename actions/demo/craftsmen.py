"""Demo craftsmen in every series and stage, and the academies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from actions.demo import MARK, names
from actions.demo.storing import store, told_apart
from actions.demo.world import World
from actions.models import (
    Academy,
    AcademyLevel,
    AcademyStatus,
    Craftsman,
    CraftsmanGrade,
    CraftsmanStage,
    Worker,
)
from models_app.models import Laureate
from mofu.accounts.models import OrganizationKind
from mofu.registers.partial_dates import PartialDate


@dataclass(frozen=True)
class Batch:
    """How many of a series a year brings to each stage: trainee, recommended, publicised, named."""

    grade: str
    stages: tuple[int, int, int, int]


BATCHES = (
    Batch(CraftsmanGrade.YANCHENG, (14, 8, 6, 96)),
    Batch(CraftsmanGrade.JIANGSU_MAY51, (6, 14, 2, 5)),
    Batch(CraftsmanGrade.JIANGSU, (2, 2, 1, 3)),
    Batch(CraftsmanGrade.JIANGSU_GREAT, (1, 1, 0, 0)),
    Batch(CraftsmanGrade.NATIONAL, (2, 1, 0, 0)),
)
ACADEMIES_A_YEAR = 20


def make_craftsmen(world: World, workers: list[Worker]) -> None:
    """Make each year's batches; half of the people are in a register and linked to it."""
    made = [
        _craftsman(world, workers, batch.grade, stage, year)
        for year in world.years
        for batch in BATCHES
        for stage, number in zip(CraftsmanStage.values, batch.stages, strict=True)
        for _ in range(world.share_of(year, number, least=min(number, 1)))
    ]
    craftsmen = told_apart(made, "org_id", "name", "grade", "year")
    seen: set[tuple[int, str, int]] = set()
    for one in craftsmen:
        key = (one.laureate_id, one.grade, one.year)
        one.laureate = None if key in seen else one.laureate
        seen.add(key)
    store(craftsmen)


def _craftsman(world: World, workers: list[Worker], grade: str, stage: str, year: int) -> Craftsman:
    rng = world.rng
    person: Laureate | Worker = rng.choice(world.counted() if rng.random() < 0.25 else workers)
    one = Craftsman(name=person.name, org=person.org, grade=grade, stage=stage, year=year, note=MARK)
    one.trade = rng.choice(names.TRADES)
    if isinstance(person, Laureate):
        one.laureate = person
    elif rng.random() < 0.6:
        one.worker = person
    day = world.day_in(year)
    if stage != CraftsmanStage.TRAINEE:
        one.nominated_on = max(date(year, 1, 1), day - timedelta(days=rng.randint(30, 80)))
    if stage == CraftsmanStage.NAMED:
        one.named_on, one.document_no = max(day, one.nominated_on), f"演示匠〔{year}〕{rng.randint(1, 9)}号"
    world.settle(one, person.org, day)
    return one


def make_academies(world: World) -> None:
    """Make each year's academies, some still being prepared."""
    academies = [
        _academy(world, year) for year in world.years for _ in range(world.share_of(year, ACADEMIES_A_YEAR))
    ]
    store(told_apart(academies, "org_id", "name"))


def _academy(world: World, year: int) -> Academy:
    rng, board = world.rng, world.board()
    unit = world.unit(board, OrganizationKind.ENTERPRISE, OrganizationKind.SCHOOL)
    academy = Academy(org=unit, host=unit.name, note=MARK, name=f"盐城工匠学院{unit.name}分院")
    academy.level = rng.choices(list(AcademyLevel), [10, 20, 20, 50])[0]
    academy.status = rng.choices(list(AcademyStatus), [6, 92, 2])[0]
    day = world.day_in(year)
    if academy.status != AcademyStatus.PREPARING:
        academy.named_year, academy.named_on = year, PartialDate(day.isoformat())
        academy.document_no = f"演示院〔{year}〕{rng.randint(1, 9)}号"
        academy.trained_count = rng.randint(40, 900)
    world.settle(academy, unit, day)
    return academy

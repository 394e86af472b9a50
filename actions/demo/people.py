"""Demo laureates and workers: who they are and where they work."""

from __future__ import annotations

from datetime import date
from random import Random

from actions.demo import MARK, names
from actions.demo.storing import backdate, store
from actions.demo.world import FIRST_DAY, RECENT, World
from actions.models import Worker
from models_app.models import Category, Education, Laureate, LaureateStatus, PoliticalStatus, Sex, SkillLevel
from models_app.models.person import Person
from mofu.accounts.models import Organization, OrganizationKind
from mofu.registers.partial_dates import PartialDate

RETIREMENT = {Sex.MALE: 60, Sex.FEMALE: 55}
OFFICES = (OrganizationKind.INSTITUTION, OrganizationKind.SCHOOL)
WORKERS = 600


def make_laureates(world: World) -> None:
    """Make the laureates of all boards and of the city's own units."""
    world.laureates = store([_laureate(world, index) for index in range(world.size)])


def _laureate(world: World, index: int) -> Laureate:
    rng, unit = world.rng, _workplace(world)
    name, sex = _name(rng, index)
    one = Laureate(name=name, sex=sex, org=unit, note=f"{MARK}，非真实人员", ethnicity="汉族")
    born = world.today.year - min(92, max(27, round(rng.gauss(54, 13))))
    _give_birth(world, one, born, known=rng.random() > (0.3 if world.today.year - born > 75 else 0.03))
    one.phone = names.phone(rng)
    one.category = _category(rng, unit)
    one.status = _status(one, unit, world.today)
    one.is_frontline = one.status == LaureateStatus.IN_SERVICE and rng.random() < 0.45
    _describe_work(rng, one, world)
    _describe_person(rng, one, born)
    recent = rng.random() < 0.25
    world.settle(one, unit, world.day(world.today - RECENT, world.today) if recent else None)
    return one


def _give_birth(world: World, person: Person, year: int, *, known: bool) -> None:
    """Give a birth date and, where ``known`` or told apart by nothing else, an ID number to a person born in ``year``."""
    day = f"{year}-{world.rng.randint(1, 12):02d}-{world.rng.randint(1, 28):02d}"
    person.birth_date = PartialDate(day if known or world.rng.random() < 0.3 else str(year))
    if known or _has_namesake(world, person):
        person.birth_date = PartialDate(day)
        person.id_number = names.id_number(day, world.births[day, person.sex] % names.SERIALS, person.sex)
        world.births[day, person.sex] += 1


def _has_namesake(world: World, person: Person) -> bool:
    """Whether the unit has another person of this name and birth date; notes this one for those who follow."""
    key = (type(person).__name__, person.org_id, person.name, str(person.birth_date))
    found = key in world.without_number
    world.without_number.add(key)
    return found


def _name(rng: Random, index: int) -> tuple[str, str]:
    """Return a name and sex; the names with rare characters come first."""
    if index < len(names.RARE_NAMES):
        return names.RARE_NAMES[index]
    sex = "F" if rng.random() < 0.28 else "M"
    return names.person_name(rng, sex), sex


def _workplace(world: World) -> Organization:
    if world.rng.random() < 0.05:
        return world.unit(next(unit[0] for unit in world.units.values() if unit[0].kind == "direct_unit"))
    kinds = world.rng.choices(
        [(OrganizationKind.ENTERPRISE,), OFFICES, (OrganizationKind.VILLAGE,)], [70, 20, 10]
    )[0]
    return world.unit(world.board(), *kinds)


def _category(rng: Random, unit: Organization) -> str:
    """Return a category: offices have 先进工作者, enterprises and villages 劳动模范 (facts A.3)."""
    model = Category.ADVANCED_WORKER if unit.kind in OFFICES else Category.MODEL_WORKER
    kinds = (model, Category.MAY_51, Category.CRAFTSMAN, Category.TREATMENT)
    return rng.choices(kinds, [50, 24, 22, 4])[0]


def _status(one: Laureate, unit: Organization, today: date) -> str:
    if unit.kind == OrganizationKind.VILLAGE:
        return LaureateStatus.FARMER
    age = today.year - int(one.birth_date[:4])
    return LaureateStatus.RETIRED if age > RETIREMENT[one.sex] else LaureateStatus.IN_SERVICE


def _describe_work(rng: Random, one: Laureate, world: World) -> None:
    one.position = rng.choice(names.POSITIONS) if one.org.kind != OrganizationKind.VILLAGE else "村民"
    one.title = rng.choice(names.TITLES)
    one.skill_level = rng.choice([None, *SkillLevel.values[3:]])
    one.specialties = "、".join(rng.sample(names.SPECIALTIES, rng.randint(1, 2)))
    one.industry, one.chain = one.org.industry, one.org.chain
    if rng.random() < 0.08:
        one.industry_union = rng.choice(world.unions)


def _describe_person(rng: Random, one: Laureate, born: int) -> None:
    one.political_status = rng.choices(
        [PoliticalStatus.PARTY_MEMBER, PoliticalStatus.MASSES, PoliticalStatus.MINJIAN], [68, 30, 2]
    )[0]
    one.education = rng.choice(Education.values[1:6])
    one.native_place = f"江苏{one.org.parent}"
    one.joined_work = PartialDate(f"{born + rng.randint(18, 25)}-{rng.randint(1, 12):02d}")
    one.deeds = f"{MARK}：长期从事{one.specialties}，带领班组攻克现场难题，培养青年职工。"


def make_workers(world: World) -> list[Worker]:
    """Make workers of the units; some of them are laureates still at work, linked to their file."""
    linked = [one for one in world.counted() if one.is_frontline][: world.scaled(40)]
    workers = [_same_person(world, one) for one in linked]
    workers += [_worker(world) for _ in range(world.scaled(WORKERS) - len(workers))]
    store(workers)
    backdate(workers, lambda _: FIRST_DAY)
    return workers


def _same_person(world: World, one: Laureate) -> Worker:
    worker = Worker(name=one.name, sex=one.sex, org=one.org, laureate=one, trade=world.rng.choice(names.TRADES),
                    birth_date=one.birth_date, id_number=one.id_number, skill_level=one.skill_level, note=MARK)  # fmt: skip
    _has_namesake(world, worker)
    world.settle(worker, worker.org)
    return worker


def _worker(world: World) -> Worker:
    rng, sex = world.rng, world.rng.choices("MF", [62, 38])[0]
    unit = world.unit(world.board(), OrganizationKind.ENTERPRISE, *OFFICES)
    worker = Worker(
        name=names.person_name(rng, sex), sex=sex, org=unit, trade=rng.choice(names.TRADES), note=MARK
    )
    worker.skill_level = rng.choices([None, *SkillLevel.values[:6]], [6, 14, 22, 26, 20, 9, 3])[0]
    _give_birth(world, worker, world.today.year - rng.randint(19, 56), known=rng.random() < 0.65)
    worker.phone = names.phone(rng) if rng.random() < 0.6 else ""
    world.settle(worker, unit)
    return worker

"""Demo honours of people and groups, and what changed in people's standing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from actions.demo import MARK
from actions.demo.people import RETIREMENT
from actions.demo.storing import store
from actions.demo.world import World
from models_app.models import (
    Category,
    ChangeKind,
    GroupHonour,
    Honour,
    HonourKind,
    HonourTitle,
    Laureate,
    LaureateStatus,
    StatusChange,
)
from mofu.accounts.models import OrganizationKind
from mofu.registers.partial_dates import PartialDate

FIRST_BATCH = 1985
_LEVEL_WEIGHTS = {"L1": 1, "L2": 4, "L3": 9, "L4": 5}
_KINDS = {
    Category.MODEL_WORKER: HonourKind.MODEL,
    Category.ADVANCED_WORKER: HonourKind.MODEL,
    Category.MAY_51: HonourKind.MAY_51,
    Category.CRAFTSMAN: HonourKind.CRAFT,
    Category.TREATMENT: HonourKind.TREATMENT,
}
_OFFICE_WORD = "先进工作者"
Titles = dict[str, list[HonourTitle]]


def make_honours(world: World) -> None:
    """Make one to three honours for everybody and take one away again."""
    titles: Titles = {}
    for title in HonourTitle.objects.order_by("code"):
        titles.setdefault(title.kind, []).append(title)
    honours = [honour for one in world.laureates for honour in _honours_of(world, one, titles)]
    _revoke(world, [honour for honour in honours if honour.laureate.counts])
    store(honours)
    store(_group_honours(world, titles.get(HonourKind.GROUP, [])))


def _honours_of(world: World, one: Laureate, titles: Titles) -> list[Honour]:
    rng, born = world.rng, int(one.birth_date[:4])
    year = rng.randint(max(FIRST_BATCH, born + 25), max(FIRST_BATCH, min(world.today.year, born + 58)))
    chosen = [_title(world, one, titles, _KINDS[one.category])]
    for _ in range(rng.choices([0, 1, 2], [60, 30, 10])[0]):
        further = _title(
            world, one, titles, rng.choice([HonourKind.MAY_51, HonourKind.CRAFT, HonourKind.MODEL])
        )
        if further not in chosen:
            chosen.append(further)
    steps = enumerate(chosen)
    return [_honour(world, one, title, min(world.today.year, year + 4 * step)) for step, title in steps]


def _title(world: World, one: Laureate, titles: Titles, kind: str) -> HonourTitle:
    """Return a title of a kind; 先进工作者 goes to people of offices, 劳动模范 to the others (facts A.3)."""
    fitting = titles[kind]
    if kind == HonourKind.MODEL:
        office = one.category == Category.ADVANCED_WORKER
        fitting = [title for title in fitting if (_OFFICE_WORD in title.name) == office] or fitting
    return world.rng.choices(fitting, [_LEVEL_WEIGHTS[title.level] for title in fitting])[0]


def _honour(world: World, one: Laureate, title: HonourTitle, year: int) -> Honour:
    rng = world.rng
    day = min(date(year, 4, rng.randint(20, 30)), world.today)
    honour = Honour(laureate=one, title=title, batch_year=year, granted_by=title.granting_body, note=MARK)
    honour.granted_on = PartialDate(day.isoformat() if year > 1999 else str(year))
    honour.document_no = f"演示发〔{year}〕{rng.randint(1, 99)}号"
    honour.document_title = f"关于表彰{title.name}的决定（演示）"
    honour.certificate_no = f"YS{year}{rng.randrange(10_000):04d}" if rng.random() < 0.7 else ""
    world.settle(honour, one.org, world.today - timedelta(days=20) if year == world.today.year else None)
    return honour


def _revoke(world: World, honours: Sequence[Honour]) -> None:
    """Take away the only honour of one person; the honour stays on file and leaves every count."""
    owners = [honour.laureate_id for honour in honours]
    honour = next((one for one in honours if owners.count(one.laureate_id) == 1), None)
    if honour is None:
        return
    day = max(world.today - timedelta(days=200), date(honour.batch_year, 12, 31))
    honour.revoked, honour.revoked_on = True, PartialDate(min(day, world.today).isoformat())
    honour.revoked_reason = f"{MARK}：受到严重处分，按规定撤销荣誉称号"
    honour.revoked_document = f"演示撤〔{day.year}〕1号"
    one = honour.laureate
    one.status = LaureateStatus.REVOKED
    Laureate.everything.filter(pk=one.pk).update(status=one.status)
    store([_change(world, one, ChangeKind.REVOKED, honour.revoked_on, honour.revoked_reason)])


def _group_honours(world: World, titles: Sequence[HonourTitle]) -> list[GroupHonour]:
    found: dict[tuple[int, int, int], GroupHonour] = {}
    for _ in range(world.scaled(26) if titles else 0):
        unit, title = world.unit(world.board(), OrganizationKind.ENTERPRISE), world.rng.choice(titles)
        year = world.rng.randint(2008, world.today.year)
        section = "" if "奖状" in title.name else f"{world.rng.choice(['装配', '焊接', '检修', '质检'])}班组"
        honour = GroupHonour(org=unit, title=title, year=year, section=section, note=MARK)
        honour.granted_on, honour.document_no = PartialDate(str(year)), f"演示集〔{year}〕{len(found) + 1}号"
        world.settle(honour, unit)
        found.setdefault((unit.pk, title.pk, year), honour)
    return list(found.values())


def make_status_changes(world: World) -> None:
    """Record recent retirements, a few deaths, a removal and one person out of touch, with their status."""
    changes = [_retirement(world, one) for one in world.laureates if _just_retired(world, one)]
    others = [one for one in world.counted() if one.status == LaureateStatus.RETIRED]
    others.sort(key=lambda one: one.birth_date)
    kinds = (
        ChangeKind.DEAD,
        ChangeKind.DEAD,
        ChangeKind.DEAD,
        ChangeKind.DEAD,
        ChangeKind.MOVED_AWAY,
        ChangeKind.LOST_TOUCH,
    )
    statuses = {ChangeKind.DEAD: LaureateStatus.DEAD, ChangeKind.MOVED_AWAY: LaureateStatus.MOVED_AWAY,
                ChangeKind.LOST_TOUCH: LaureateStatus.LOST_TOUCH}  # fmt: skip
    for one, kind in zip(others, kinds[: world.scaled(len(kinds), 2)], strict=False):
        one.status = statuses[kind]
        day = PartialDate(world.day(date(2025, 1, 1), world.today).isoformat())
        changes.append(_change(world, one, kind, day, MARK))
    store(changes)
    Laureate.everything.bulk_update(others, ["status"], batch_size=500)


def _just_retired(world: World, one: Laureate) -> bool:
    years = world.today.year - int(one.birth_date[:4]) - RETIREMENT[one.sex]
    return (
        one.status == LaureateStatus.RETIRED and years in (1, 2) and len(one.birth_date) == len("2000-01-01")
    )


def _retirement(world: World, one: Laureate) -> StatusChange:
    year = int(one.birth_date[:4]) + RETIREMENT[one.sex]
    return _change(world, one, ChangeKind.RETIRED, PartialDate(f"{year}{one.birth_date[4:7]}"), MARK)


def _change(world: World, one: Laureate, kind: str, on: str, reason: str) -> StatusChange:
    change = StatusChange(laureate=one, kind=kind, happened_on=on, reason=reason)
    change.document = f"演示变〔{on[:4]}〕{world.rng.randint(1, 60)}号"
    change.to_unit = "南京市（演示）" if kind == ChangeKind.MOVED_AWAY else ""
    world.settle(change, one.org)
    return change

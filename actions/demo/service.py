"""Demo assistance to enterprises, with the six customary figures."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from actions.demo import MARK, names
from actions.demo.storing import store, told_apart
from actions.demo.world import World
from actions.models import (
    Assistance,
    AssistanceLaureate,
    Destination,
    Event,
    NeedKind,
    Satisfaction,
    Stage,
    Team,
    TeamKind,
)
from actions.models.assistance import ServiceType
from models_app.models import Laureate
from mofu.accounts.models import OrganizationKind

A_YEAR = 180
_NEEDS = {
    NeedKind.TECHNICAL: "{}工艺不稳定，请求现场指导",
    NeedKind.TRAINING: "{}岗位职工技能培训",
    NeedKind.MANAGEMENT: "{}车间班组管理与质量管控",
    NeedKind.CULTURE: "{}班组文化与劳模精神宣讲",
}


def make_assistance(world: World, sessions: list[Event]) -> None:
    """Make each year's services; some took place in the course of a 六进 session."""
    services = [service for year in world.years for service in _year(world, year)]
    in_firms = [event for event in sessions if event.destination == Destination.ENTERPRISE]
    for event, service in zip(in_firms, services[:: max(1, A_YEAR // 12)], strict=False):
        _at(service, event)
    for service in services:
        world.settle(service, service.org, service.served_on or service.requested_on)
    services = told_apart(services, "enterprise_id", "need", "served_on")
    store(services)
    store([part for service in services for part in _helpers(world, service)])
    types = list(ServiceType.objects.all())
    link = Assistance.service_types.through
    store(
        [link(assistance_id=one.pk, servicetype_id=world.rng.choice(types).pk) for one in services if types]
    )


def _year(world: World, year: int) -> list[Assistance]:
    return [_service(world, year) for _ in range(world.share_of(year, A_YEAR))]


def _service(world: World, year: int) -> Assistance:
    rng, board = world.rng, world.board()
    kind = rng.choices(list(_NEEDS), [60, 22, 11, 7])[0]
    one = Assistance(org=board, enterprise=world.unit(board, OrganizationKind.ENTERPRISE), need_kind=kind)
    one.need = _NEEDS[kind].format(rng.choice(names.SPECIALTIES))
    one.stage = rng.choices([Stage.DONE, Stage.SERVING, Stage.MATCHED, Stage.NEED], [84, 8, 4, 4])[0]
    day = world.day_in(year)
    one.requested_on = day - timedelta(days=rng.randint(3, 20))
    if one.stage in (Stage.DONE, Stage.SERVING):
        one.served_on = day
        _figures(world, one)
    return one


def _figures(world: World, one: Assistance) -> None:
    rng = world.rng
    one.problems_solved = rng.choice([0, 1, 1, 2, 3, 5])
    one.trained, one.skilled = rng.randint(0, 60), rng.randint(0, 25)
    kinds = [TeamKind.CRAFT, TeamKind.TECHNICAL]
    one.team = Team.everything.filter(kind=rng.choice(kinds)).order_by("pk").first()
    if one.stage == Stage.DONE:
        one.benefit_wan = Decimal(rng.randint(0, 9000)) / 100
        one.satisfaction = rng.choices(Satisfaction.values, [1, 6, 38, 55])[0]
        one.result = f"{MARK}：解决现场技术问题{one.problems_solved}个，培训职工{one.trained}人。"


def _at(service: Assistance, event: Event) -> None:
    """Place a service into a session: same day, same firm, same board."""
    if service.served_on is None:
        return
    service.event, service.served_on, service.org = event, event.date, event.org
    service.enterprise = event.visited_org
    service.requested_on = event.date - timedelta(days=7)


def _helpers(world: World, service: Assistance) -> list[AssistanceLaureate]:
    if service.stage == Stage.NEED:
        return []
    people: list[Laureate] = world.counted(service.org if world.rng.random() < 0.7 else None)
    chosen = world.rng.sample(people, min(world.rng.choice([1, 1, 2, 3]), len(people)))
    return [
        AssistanceLaureate(assistance=service, laureate=one, contribution=one.specialties[:20])
        for one in chosen
    ]

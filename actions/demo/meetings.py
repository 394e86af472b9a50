"""Demo teams and events: the lecture corps, 六进 sessions, training, tours, and people's own activities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from actions.demo import MARK
from actions.demo.storing import backdate, store, told_apart
from actions.demo.world import FIRST_DAY, World
from actions.models import (
    Destination,
    Event,
    EventKind,
    EventPart,
    Measure,
    Membership,
    Participation,
    Task,
    TaskGroup,
    Team,
    TeamKind,
)
from actions.models.team import CRITERIA
from models_app.models import ActivityKind, ActivityRecord, Laureate
from mofu.accounts.models import OrganizationKind

TEAM_SIZES = {
    TeamKind.LECTURE: 48, TeamKind.TECHNICAL: 36, TeamKind.CRAFT: 40, TeamKind.WARMTH: 22, TeamKind.UNITY: 18,
}  # fmt: skip
# Sessions month after month; the single ones are the gaps that the work desk shows.
SESSIONS_A_MONTH = (2, 3, 2, 1, 4, 2, 3, 2, 1, 5, 3, 2, 4)


@dataclass(frozen=True)
class Plan:
    """A kind of event: how often a year, which line of the double-ten list it serves, what it is called."""

    kind: str
    times: int
    title: str
    task: tuple[str, int] | None = None
    audience: int = 40


PLANS = (
    Plan(EventKind.TRAINING, 3, "劳模工匠学习培训班", (TaskGroup.MAIN, 2), 60),
    Plan(EventKind.SEMINAR, 1, "劳模服务发展研讨会", (TaskGroup.MAIN, 4), 80),
    Plan(EventKind.COUNTY_TOUR, 3, "劳模工匠县区行", (TaskGroup.MAIN, 3), 45),
    Plan(EventKind.CULTURE_SPORT, 5, "劳模乒乓球、掼蛋友谊赛", (TaskGroup.MAIN, 9), 50),
    Plan(EventKind.PAIRING, 5, "劳模结对帮扶", (TaskGroup.MAIN, 10), 30),
    Plan(EventKind.SCHOOL_VISIT, 8, "劳模工匠进校园", (TaskGroup.SUPPORT, 4), 220),
    Plan(EventKind.RETREAT, 4, "劳模工匠疗休养", (TaskGroup.SUPPORT, 9), 25),
    Plan(EventKind.FORUM, 2, "劳模工匠座谈会", (TaskGroup.SUPPORT, 10), 35),
    Plan(EventKind.COUNCIL, 1, "协会理事会", None, 70),
    Plan(EventKind.OTHER, 2, "劳模事迹展巡展", (TaskGroup.MAIN, 7), 150),
)
_PLACES = {
    EventKind.PAIRING: (OrganizationKind.VILLAGE,),
    EventKind.SCHOOL_VISIT: (OrganizationKind.SCHOOL,),
    Destination.VILLAGE: (OrganizationKind.VILLAGE,),
}


def make_teams(world: World) -> None:
    """Fill the teams; a few members have left, two speakers were replaced."""
    memberships = []
    for kind, size in TEAM_SIZES.items():
        team = _team(world, kind)
        people = world.counted()
        members = world.rng.sample(people, min(len(people), world.scaled(size, 3) + 2))
        for place, one in enumerate(members):
            memberships.append(_membership(world, team, one, place, left=place >= len(members) - 2))
    store(memberships)
    backdate(memberships, lambda member: member.joined_on)


def _team(world: World, kind: TeamKind) -> Team:
    team = Team.everything.filter(kind=kind).order_by("pk").first()
    if team is None:
        team = Team(kind=kind, name=f"劳模工匠{kind.label}", org=world.city)
    team.founded_on = team.founded_on or FIRST_DAY
    team.description = team.description or f"{MARK}：{kind.label}"
    team.save()
    return team


def _membership(world: World, team: Team, one: Laureate, place: int, *, left: bool) -> Membership:
    joined = world.day(FIRST_DAY, FIRST_DAY + timedelta(days=60))
    member = Membership(team=team, laureate=one, joined_on=joined, note=MARK)
    member.left_on = world.day(joined + timedelta(days=1), world.today) if left else None
    member.position = ("团长", "副团长", "副团长")[place] if place < 3 else "团员"
    for number, name in enumerate(CRITERIA):
        setattr(
            member, name, team.kind == TeamKind.LECTURE and world.rng.random() < (1, 1, 0.95, 0.85)[number]
        )
    world.settle(member, one.org)
    return member


def make_events(world: World) -> list[Event]:
    """Make all events with the laureates, measures and tasks they belong to; return the sessions."""
    sessions = [_session(world, day) for day in _session_days(world)]
    others = [
        _event(world, plan, year)
        for year in world.years
        for plan in PLANS
        for _ in range(world.share_of(year, plan.times))
    ]
    events = told_apart(sessions + others, "org_id", "date", "title", "place")
    store(events)
    _link(events)
    store([part for event in events for part in _participants(world, event)])
    return [event for event in events if event.kind == EventKind.SESSION]


def _session_days(world: World) -> Iterator[date]:
    month, number = FIRST_DAY, 0
    while month <= world.today:
        following = (month + timedelta(days=32)).replace(day=1)
        times = SESSIONS_A_MONTH[number % len(SESSIONS_A_MONTH)] if following <= world.today else 1
        for _ in range(times):
            yield world.day(month, following - timedelta(days=1))
        month, number = following, number + 1


def _session(world: World, day: date) -> Event:
    destination = world.rng.choices(list(Destination), [6, 5, 4, 3, 3, 2])[0]
    board = world.board()
    unit = world.unit(board, *_PLACES.get(destination, (OrganizationKind.ENTERPRISE,)))
    online = destination == Destination.ONLINE
    event = Event(
        kind=EventKind.SESSION, destination=destination, date=day, org=world.city if online else board
    )
    event.title = f"劳模工匠宣讲服务团{destination.label}：{'网络课堂' if online else unit.name}"
    event.place = "线上直播间" if online else unit.address
    event.visited_org = None if online else unit
    event.audience = world.rng.randint(400, 2500) if online else world.rng.randint(25, 180)
    return _settled(world, event)


def _event(world: World, plan: Plan, year: int) -> Event:
    day, board = world.day_in(year), world.board()
    unit = world.unit(board, *_PLACES.get(plan.kind, ()))
    city_runs = plan.kind in (EventKind.TRAINING, EventKind.SEMINAR, EventKind.COUNCIL, EventKind.COUNTY_TOUR)
    event = Event(kind=plan.kind, date=day, org=world.city if city_runs else board, host_org=board)
    event.title = f"{year}年{plan.title}（{board}）"
    event.visited_org = unit if plan.kind in (*_PLACES, EventKind.COUNTY_TOUR) else None
    event.place = unit.address
    event.audience = world.rng.randint(plan.audience // 2, plan.audience * 2)
    if plan.kind in (EventKind.TRAINING, EventKind.RETREAT):
        event.end_date = min(day + timedelta(days=world.rng.randint(1, 4)), world.today)
    if plan.kind == EventKind.PAIRING:
        event.donated_yuan = Decimal(world.rng.randrange(2, 30)) * 1000
    return _settled(world, event)


def _settled(world: World, event: Event) -> Event:
    event.summary = f"{MARK}：{event.get_kind_display()}，受众{event.audience}人。"
    world.settle(event, event.org, event.date)
    return event


def _link(events: list[Event]) -> None:
    """Tie events to the measure of their destination and to their line of that year's double-ten list."""
    measures = {measure.name: measure.pk for measure in Measure.objects.filter(campaign__code="six-ins")}
    tasks = {(task.year, task.group, task.number): task.pk for task in Task.everything.all()}
    lines = {plan.kind: plan.task for plan in PLANS} | {EventKind.SESSION: (TaskGroup.SUPPORT, 1)}
    served = [(event, measures.get(event.get_destination_display())) for event in events if event.destination]
    done = [
        (event, tasks.get((event.date.year, *lines[event.kind]))) for event in events if lines[event.kind]
    ]
    by_measure, by_task = Event.measures.through, Event.tasks.through
    store([by_measure(event_id=event.pk, measure_id=pk) for event, pk in served if pk])
    store([by_task(event_id=event.pk, task_id=pk) for event, pk in done if pk])


def _participants(world: World, event: Event) -> list[Participation]:
    session = event.kind == EventKind.SESSION
    people = world.counted(None if event.org == world.city else event.org)
    many = world.rng.randint(1, 3) if session else world.rng.randint(4, 16)
    chosen = world.rng.sample(people, min(many, len(people)))
    first = EventPart.SPEAKER if session else EventPart.ORGANISER
    others = EventPart.DEMONSTRATOR if session else EventPart.ATTENDEE
    return [
        Participation(event=event, laureate=one, part=others if place else first)
        for place, one in enumerate(chosen)
    ]


_ACTIVITIES = {
    ActivityKind.LECTURE: "为青年职工讲劳模故事", ActivityKind.VOLUNTEER: "社区义务维修", ActivityKind.EXCHANGE: "技术交流会",
    ActivityKind.CHARITY: "公益助学", ActivityKind.MEDIA: "接受本地媒体采访", ActivityKind.CULTURE: "职工文艺演出",
    ActivityKind.TRAINING: "岗位技能培训授课",
}  # fmt: skip


def make_activity_records(world: World) -> None:
    """Make what laureates did outside the campaign's events."""
    people = world.counted()
    store([_activity(world, world.rng.choice(people)) for _ in range(world.scaled(360))])


def _activity(world: World, one: Laureate) -> ActivityRecord:
    rng, kind = world.rng, world.rng.choice(list(_ACTIVITIES))
    day = world.day_in(rng.choice(world.years))
    record = ActivityRecord(laureate=one, kind=kind, date=day, title=_ACTIVITIES[kind], place=one.org.address)
    record.organiser, record.hours, record.note = str(one.org), Decimal(rng.randint(2, 16)) / 2, MARK
    world.settle(record, one.org, day)
    return record

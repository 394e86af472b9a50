"""A small year in which every indicator counts something: 东台 and 射阳 in 2024, with rows that must not count beside them."""

from __future__ import annotations

from datetime import date

from actions.models import AssistanceLaureate, Campaign
from actions.progress.indicator import INDICATORS
from mofu.registers.partial_dates import PartialDate
from mofu.registers.records import ReviewState
from tests import makers

YEAR = 2024
TODAY = date(2024, 12, 15)
DESTINATIONS = ("enterprise", "workshop", "team", "site", "village", "online")
LEADS = ("class", "apprentices", "problem", "story")


def build(cast):
    """Make the records; 东台 gets twice what 射阳 gets where that is easy to tell apart."""
    for number, org in enumerate((cast.dongtai, cast.sheyang), start=1):
        people = [makers.make_laureate(org=org) for _ in range(3 - number)]
        _six_ins(org, people, number)
        _assistance(org, people)
        _mentoring(org, people)
        _craftsmen(org)
        _double_strive(org, people[0])
    for code in dict.fromkeys(
        found.campaign for found in INDICATORS.values() if found.campaign != "double-ten"
    ):
        Campaign.objects.get_or_create(code=code, defaults={"title": f"行动{code}"})
    makers.make_task(number=1, state="done", completed_on=date(2024, 6, 1))
    makers.make_task(number=2, state="running")


def _six_ins(org, people, number):
    team = makers.make_team()
    for person in people:
        makers.make_membership(team=team, laureate=person, joined_on=date(2024, 1, 5))
    dead = makers.make_laureate(org=org, status="QS")
    makers.make_membership(team=team, laureate=dead, joined_on=date(2024, 1, 5))
    for month, destination in enumerate(DESTINATIONS, start=1):
        makers.make_event(
            org=org,
            destination=destination,
            date=date(YEAR, month, 10),
            audience=30 * number,
            laureates=people,
        )
    makers.make_event(org=org, date=date(YEAR, 7, 1), review_state=ReviewState.PENDING, audience=999)
    makers.make_event(org=org, date=date(YEAR - 1, 7, 1), audience=999)
    makers.make_event(org=org, kind="seminar", date=date(YEAR, 7, 1), audience=999)


def _assistance(org, people):
    figures = {"problems_solved": 3, "trained": 20, "skilled": 8, "benefit_wan": "12.50"}
    done = makers.make_assistance(org=org, laureates=people, **figures)
    again = makers.make_assistance(org=org, enterprise=done.enterprise, served_on=date(YEAR, 8, 1), **figures)
    AssistanceLaureate(assistance=again, laureate=people[0]).save()
    makers.make_assistance(org=org, stage="need", served_on=None, laureates=people, problems_solved=50)


def _mentoring(org, people):
    studio = makers.make_studio(org=org, leader=people[0], is_new_quality=True, new_quality_reason="绿色低碳")
    makers.make_studio(org=org, leader=people[0], founder="association")
    makers.make_studio(org=org, leader=people[0], status="revoked")
    makers.make_mentorship(master=people[0], studio=studio)
    makers.make_mentorship(master=people[0], level_before=3, level_after=4, ended_on=date(YEAR, 9, 1))


def _craftsmen(org):
    makers.make_craftsman(org=org)
    makers.make_craftsman(org=org, stage="trainee")
    makers.make_craftsman(org=org, grade="js51", stage="recommended", nominated_on=date(YEAR, 5, 1))
    makers.make_academy(org=org)
    makers.make_academy(org=org, named_year=YEAR - 1, named_on=PartialDate("2023-06"))


def _double_strive(org, leader):
    all_done, started = makers.make_worker(org=org), makers.make_worker(org=org)
    for item in range(1, 11):
        makers.make_ten_one(worker=all_done, item=item, year=YEAR, done_on=date(YEAR, item, 3))
    for item, lead in enumerate(LEADS, start=1):
        makers.make_ten_one(
            worker=started, item=item, year=YEAR, done_on=date(YEAR, 4, 3), led_by=leader, lead_kind=lead
        )

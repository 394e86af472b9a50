"""Events, teams and memberships, assistance."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from actions.models import Assistance, AssistanceLaureate, Event, Membership, Participation, Team
from actions.registers.events import EventRegister
from mofu.accounts.models import OrganizationKind, Role
from tests.makers import (
    city,
    make_assistance,
    make_event,
    make_laureate,
    make_measure,
    make_membership,
    make_org,
    make_task,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db
DAY = date(2024, 6, 22)


def problems_of(record):
    with pytest.raises(ValidationError) as caught:
        record.full_clean()
    return caught.value.message_dict


def new_event(**values):
    return Event(
        **{
            "title": "宣讲",
            "kind": "session",
            "destination": "enterprise",
            "date": DAY,
            "org": make_org(),
            **values,
        }
    )


def test_event_tomorrow_is_refused_at_the_date():
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert problems_of(new_event(date=tomorrow))["date"] == ["日期不能晚于今天。"]


def test_event_ending_before_it_starts_is_refused_at_the_end():
    assert problems_of(new_event(end_date=date(2024, 6, 21)))["end_date"] == ["结束日期不能早于日期。"]


def test_session_needs_a_destination_and_only_a_session():
    assert "须选择去向" in problems_of(new_event(destination=""))["destination"][0]
    assert "destination" in problems_of(new_event(kind="council"))
    new_event(kind="council", destination="").full_clean()


def test_database_keeps_destinations_to_sessions():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_event(kind="council", destination="village")


def test_one_event_serves_many_and_is_one_row():
    tasks = [make_task(number=number) for number in (3, 10)]
    measures = [make_measure(code="village"), make_measure(code="studios", campaign="mentoring")]
    event = make_event(
        kind="county_tour", measures=measures, tasks=tasks, laureates=[make_laureate(), make_laureate()]
    )
    assert list(Event.everything.serving(campaign="six-ins")) == [event]
    assert list(Event.everything.serving(campaign="mentoring", task=tasks[1])) == [event]
    assert not Event.everything.serving(campaign="craftsmen").exists()
    assert Event.everything.in_year(2024).count() == 1


def test_sessions_by_destination():
    event = make_event(destination="online")
    make_event(kind="council")
    assert list(Event.everything.sessions()) == [event] == list(Event.everything.sessions("online"))
    assert not Event.everything.sessions("site").exists()


def test_laureate_takes_part_in_an_event_once():
    laureate = make_laureate()
    event = make_event(laureates=[laureate])
    again = Participation(event=event, laureate=laureate, part="organiser")
    assert "只登记一次" in str(problems_of(again))


def event_form(user, **values):
    data = {
        "title": "宣讲",
        "kind": "session",
        "destination": "village",
        "date": "2024-06-22",
        "org": city().pk,
        **values,
    }
    return EventRegister().form(data, user=user)


def test_form_adds_the_measure_that_the_destination_means():
    village, studios = make_measure(code="village"), make_measure(code="studios", campaign="mentoring")
    form = event_form(make_user(), measures=[studios.pk])
    assert form.is_valid(), form.errors
    assert set(form.save().measures.all()) == {village, studios}


def test_form_refuses_tasks_of_another_year():
    form = event_form(make_user(), tasks=[make_task(year=2025).pk])
    assert "不是2024年的任务" in form.errors["tasks"][0]


def test_county_may_tick_the_tasks_of_the_city():
    user, task = make_user(Role.COUNTY), make_task()
    form = event_form(user, tasks=[task.pk], org=user.organization_id)
    assert form.is_valid(), form.errors


def test_city_teams_are_seen_by_units_and_those_of_other_units_are_not():
    mine, user = make_team(), make_user(Role.COUNTY)
    make_team(org=make_org())
    assert list(Team.objects.visible_to(user)) == [mine]


def test_second_membership_at_the_same_time_is_refused():
    first = make_membership(joined_on=date(2024, 1, 1))
    again = Membership(team=first.team, laureate=first.laureate, joined_on=date(2024, 6, 1))
    assert "同一时间" in problems_of(again)["laureate"][0]
    Membership(team=make_team(), laureate=first.laureate, joined_on=date(2024, 6, 1)).full_clean()


def test_membership_after_the_first_has_ended_is_fine():
    first = make_membership(joined_on=date(2024, 1, 1), left_on=date(2024, 5, 31))
    Membership(team=first.team, laureate=first.laureate, joined_on=date(2024, 6, 1)).full_clean()
    earlier = Membership(
        team=first.team, laureate=first.laureate, joined_on=date(2023, 1, 1), left_on=date(2024, 3, 1)
    )
    assert "laureate" in problems_of(earlier)


def test_two_open_memberships_are_refused_by_the_database():
    first = make_membership()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_membership(team=first.team, laureate=first.laureate, joined_on=date(2025, 1, 1))


def test_membership_is_current_from_joining_to_leaving():
    membership = make_membership(joined_on=date(2024, 1, 1), left_on=date(2024, 5, 31))
    for day, holds in (
        (date(2023, 12, 31), False),
        (date(2024, 1, 1), True),
        (date(2024, 5, 31), True),
        (DAY, False),
    ):
        assert Membership.everything.current(day).filter(pk=membership.pk).exists() is holds


def test_four_criteria():
    membership = make_membership(is_upright=True, is_exemplary=True, is_skilled=True)
    assert not membership.meets_all_criteria
    membership.is_eloquent = True
    assert membership.meets_all_criteria


def test_assistance_goes_to_enterprises():
    org = make_org()
    village = make_org(kind=OrganizationKind.VILLAGE, parent=org)
    wrong = Assistance(org=org, enterprise=village, need="种植指导")
    assert "不是企业" in problems_of(wrong)["enterprise"][0]


def test_assistance_that_was_served_has_a_date():
    org = make_org()
    firm = make_org(kind=OrganizationKind.ENTERPRISE, parent=org)
    assert "served_on" in problems_of(Assistance(org=org, enterprise=firm, need="焊接", stage="done"))
    with pytest.raises(IntegrityError), transaction.atomic():
        make_assistance(served_on=None)


def test_only_served_assistance_is_served():
    done = make_assistance()
    make_assistance(stage="need", served_on=None)
    assert list(Assistance.everything.served()) == [done]


def test_laureate_helps_in_one_assistance_once():
    laureate = make_laureate()
    assistance = make_assistance(laureates=[laureate])
    assert "只登记一次" in str(problems_of(AssistanceLaureate(assistance=assistance, laureate=laureate)))

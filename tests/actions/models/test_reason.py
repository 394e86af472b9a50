"""Within reason: years and dates that can be, nothing entered twice, nothing that would never count."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from actions.models import (
    Academy,
    Assistance,
    Craftsman,
    Event,
    Mentorship,
    StudioOutcome,
    Target,
    Task,
    TaskNote,
    TaskStep,
    TenOne,
)
from actions.registers.tasks import TaskRegister
from models_app.models import GroupHonour, Honour
from tests.makers import (
    city,
    copy_of,
    make_academy,
    make_assistance,
    make_craftsman,
    make_event,
    make_group_honour,
    make_honour,
    make_laureate,
    make_mentorship,
    make_target,
    make_task,
    make_ten_one,
    make_user,
    make_worker,
)

pytestmark = pytest.mark.django_db
TOMORROW = timezone.localdate() + timedelta(days=1)
YEAR = timezone.localdate().year
DAY = date(2024, 6, 22)
MAKERS = {
    Academy: make_academy,
    Assistance: make_assistance,
    Craftsman: make_craftsman,
    Event: make_event,
    GroupHonour: make_group_honour,
    Honour: make_honour,
    Mentorship: make_mentorship,
    Target: make_target,
    Task: make_task,
    TenOne: make_ten_one,
}


def problems_of(record):
    with pytest.raises(ValidationError) as caught:
        record.full_clean()
    return caught.value.message_dict


@pytest.mark.parametrize(
    ("model", "values", "field", "message"),
    [
        (TaskNote, {"date": TOMORROW}, "date", "不能晚于今天"),
        (TaskStep, {"done_on": TOMORROW}, "done_on", "不能晚于今天"),
        (StudioOutcome, {"year": YEAR + 2}, "year", f"1949年至{YEAR + 1}年"),
        (Task, {"year": 224}, "year", f"1949年至{YEAR + 10}年"),
        (Task, {"year": YEAR + 11}, "year", f"1949年至{YEAR + 10}年"),
        (Target, {"year": 20244}, "year", f"1949年至{YEAR + 10}年"),
        (TenOne, {"year": YEAR + 2}, "year", f"1949年至{YEAR + 1}年"),
        (TenOne, {"year": 1940}, "year", "不早于2024年"),
        (Craftsman, {"year": YEAR + 2}, "year", f"1949年至{YEAR + 1}年"),
        (Academy, {"named_year": YEAR + 2}, "named_year", f"1949年至{YEAR + 1}年"),
        (Honour, {"batch_year": YEAR + 2}, "batch_year", f"1949年至{YEAR + 1}年"),
        (Honour, {"batch_year": 1948}, "batch_year", "不能早于1949年"),
        (Honour, {"granted_on": "1848"}, "granted_on", "不能早于1949年"),
        (GroupHonour, {"year": YEAR + 2}, "year", f"1949年至{YEAR + 1}年"),
        (Event, {"date": date(1024, 6, 22)}, "date", "不能早于1949年"),
        (Craftsman, {"named_on": date(2023, 6, 22)}, "named_on", "不在2024年内"),
        (Craftsman, {"stage": "trainee", "named_on": None, "nominated_on": DAY}, "stage", "填写了推荐日期"),
        (Craftsman, {"grade": "js51", "stage": "recommended", "named_on": None}, "nominated_on", "须填写推荐日期"),
        (Craftsman, {"grade": "js51"}, "nominated_on", "须填写推荐日期"),
        (Academy, {"named_on": ""}, "named_on", "须填写命名时间"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_once_at_its_field(model, values, field, message):
    record = MAKERS[model]() if model in MAKERS else model()
    for name, value in values.items():
        setattr(record, name, value)
    found = problems_of(record)[field]
    assert len(found) == 1
    assert message in found[0]


def test_what_can_just_be_passes():
    for record in (
        make_task(year=YEAR + 10),
        make_target(year=YEAR + 10),
        make_target(year=None),
        make_honour(batch_year=YEAR + 1),
        make_ten_one(year=YEAR + 1),
        make_event(date=date(1949, 10, 1)),
        make_academy(named_on="2024"),
        make_craftsman(grade="js51", stage="recommended", nominated_on=DAY),
        make_laureate(birth_date="1930"),
    ):
        record.full_clean()


def test_same_event_twice_is_refused_and_another_place_is_not():
    event = make_event(place="文化宫")
    assert "已登记过同一活动" in problems_of(copy_of(event))["title"][0]
    copy_of(event, place="体育馆").full_clean()
    event.full_clean()


def test_same_assistance_twice_is_refused_and_another_day_is_not():
    served = make_assistance()
    assert "已登记过同一助企服务" in problems_of(copy_of(served))["need"][0]
    copy_of(served, served_on=date(2024, 7, 1)).full_clean()
    asked = make_assistance(stage="need", served_on=None, requested_on=DAY)
    assert "need" in problems_of(copy_of(asked))
    asked.full_clean()


def test_same_pair_is_not_entered_while_it_runs():
    first = make_mentorship(ends_on=date(2025, 6, 22))
    again = copy_of(first, started_on=date(2025, 1, 1), ends_on=None)
    assert "已登记过同一师徒结对" in problems_of(again)["apprentice"][0]
    by_name = copy_of(again, apprentice_id=None, apprentice_name=first.apprentice.name)
    assert "已登记过同一师徒结对" in problems_of(by_name)["apprentice_name"][0]
    copy_of(first, started_on=date(2025, 6, 22), ends_on=None).full_clean()
    copy_of(first, started_on=date(2023, 6, 22), ends_on=DAY).full_clean()
    copy_of(again, apprentice=make_worker()).full_clean()
    first.full_clean()


def test_pair_known_by_name_is_found_when_the_apprentice_is_registered():
    first = make_mentorship()
    Mentorship.everything.filter(pk=first.pk).update(apprentice=None, apprentice_name="李四")
    registered = make_worker(name="李四")
    again = copy_of(first, apprentice=registered, started_on=date(2024, 7, 1))
    assert "apprentice" in problems_of(again)
    first.refresh_from_db()
    first.apprentice = registered
    first.full_clean()


def test_events_are_found_by_who_took_part_once():
    people = [make_laureate(name="周敏"), make_laureate(name="周敏华")]
    event = make_event(laureates=people)
    make_event(laureates=[make_laureate(name="王强")])
    assert list(Event.everything.search("周敏")) == [event] == list(Event.everything.search("ZM"))
    assert list(Event.everything.search(event.title)) == [event]


def test_tasks_name_an_indicator_that_is_measured_or_none():
    data = {
        "group": "main",
        "number": 1,
        "year": 2024,
        "name": "宣讲",
        "org": city().pk,
        "state": "not_started",
    }
    user = make_user()
    wrong = TaskRegister().form(data | {"indicator": "made.up"}, user=user)
    assert "没有这个指标" in wrong.errors["indicator"][0]
    for code in ("", "six_ins.sessions"):
        form = TaskRegister().form(data | {"indicator": code}, user=user)
        assert form.is_valid(), form.errors
    assert "（six_ins.sessions）</option>" in str(form["indicator"])

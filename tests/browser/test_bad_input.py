"""Bad input: a clear message at the field, what was typed still there, nothing saved."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from actions.models import Event, Membership, Mentorship, Team, Worker
from models_app.models import Laureate
from tests.makers import made_id_number, make_laureate, make_membership, make_worker

pytestmark = pytest.mark.browser

TODAY = timezone.localdate()
MODELS = (Laureate, Worker, Event, Membership, Mentorship)


def counts():
    return [model.everything.count() for model in MODELS]


def refuse(person, slug, field, *, button, **typed):
    """Send a form that must be refused; return the message at ``field`` once all typed values are found kept."""
    before = counts()
    person.open(f"/{slug}/new/")
    person.fill(**typed)
    kept = {name: person.value(name) for name in typed}
    person.press(button)
    message = person.refused(field)
    assert person.page.get_by_role("alert").first.is_visible()
    assert {name: person.value(name) for name in typed} == kept
    assert all(kept.values())
    assert counts() == before
    return message


def wrong_check_digit():
    number = made_id_number()
    return number[:-1] + ("1" if number[-1] != "1" else "2")


@pytest.fixture
def county(town, staff):
    return staff("county")


def test_wrong_check_digit(county):
    message = refuse(
        county, "laureates", "id_number", button="保存并送审", name="顾海涛", category="工匠", position="焊工班长",
        id_number=wrong_check_digit(),
    )  # fmt: skip
    assert "校验" in message


def test_duplicate_person_by_number_and_by_name(county, town):
    known = make_laureate(org=town["320981"], name="顾海涛", id_number=made_id_number())
    values = {"name": "顾海波", "category": "工匠", "phone": "13800000000"}
    message = refuse(
        county, "laureates", "id_number", button="保存并送审", **values, id_number=known.id_number
    )
    assert message == "该身份证号已登记，请勿重复录入。"
    make_laureate(org=town["320981"], name="仇红梅", birth_date="1980-05")
    values = {"name": "仇红梅", "category": "劳动模范", "birth_date": "1980年5月"}
    assert "同名" in refuse(county, "laureates", "name", button="保存并送审", **values)


def test_future_date(county):
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    message = refuse(
        county, "events", "date", button="保存并送审", title="送技术下乡", kind="座谈会", date=tomorrow
    )
    assert message == "日期不能晚于今天。"


def test_end_before_start(county):
    message = refuse(
        county, "events", "end_date", button="存为草稿", title="技能培训班", kind="学习培训", place="东台",
        date=TODAY.isoformat(), end_date=(TODAY - timedelta(days=3)).isoformat(), audience="60",
    )  # fmt: skip
    assert message == "结束日期不能早于日期。"


def test_second_membership_at_the_same_time(town, staff):
    city, person = staff("city"), make_laureate(org=town["320981"], name="顾海涛")
    team = Team.everything.first()
    make_membership(team=team, laureate=person, joined_on=TODAY - timedelta(days=90))
    message = refuse(
        city, "memberships", "laureate", button="保存", team=team.name, laureate=person.name,
        joined_on=TODAY.isoformat(), position="副团长",
    )  # fmt: skip
    assert "不能重复加入" in message


def test_apprentice_who_is_his_own_master(county, town):
    person = make_laureate(org=town["320981"], name="顾海涛")
    make_worker(org=town["320981"], name="顾海涛", laureate=person)
    message = refuse(
        county, "mentorships", "apprentice", button="保存并送审", master="顾海涛", apprentice="顾海涛",
        started_on=TODAY.isoformat(), goal="三年内达到技师水平",
    )  # fmt: skip
    assert message == "师傅和徒弟不能是同一个人。"


def test_several_faults_show_at_once_and_rows_are_kept(county, town):
    """A fault in a row of participants stands in that row; the rest of the form is kept with it."""
    make_laureate(org=town["320981"], name="顾海涛")
    typed = {"title": "宣讲进企业", "kind": "“六进”宣讲", "date": TODAY.isoformat(), "audience": "-5"}
    county.open("/events/new/")
    county.fill(**typed, **{"participation-0-laureate": "顾海涛"})
    county.press("添加一行")
    county.fill(**{"participation-1-laureate": "顾海涛", "participation-1-note": "带队"})
    county.press("保存并送审")
    assert county.refused("destination") == "“六进”宣讲须选择去向。"
    page = county.page
    assert page.locator("#div_id_audience .invalid-feedback").is_visible()
    assert county.value("title") == "宣讲进企业"
    assert county.value("participation-1-note") == "带队"
    rows = page.locator("[data-formset='participation']")
    assert [name.strip("×\n ") for name in rows.locator(".ts-control .item").all_inner_texts()] == [
        "顾海涛"
    ] * 2
    assert rows.locator(".alert, .invalid-feedback").filter(has_text="重复").first.is_visible()
    assert counts()[2] == 0

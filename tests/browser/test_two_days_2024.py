"""The two days of 21–22 June 2024, entered once, stand in every ledger they belong to (Yanfu Dazhong Bao, 27 June 2024).

The fourth council met for the third time and set up the programme; laureates went to 盐都: a pairing was signed with
泾口村, 20 000 yuan were donated, “耀晖师傅师带徒” was watched. The press names the master by his given name only; the
other laureate is invented.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from actions.models import Event, Measure, Participation, Task
from tests.makers import made_id_number

pytestmark = pytest.mark.browser

COUNCIL = "盐城市劳模协会四届三次理事会"
TOUR = "劳模工匠县区行走进盐都"
MASTER, GUEST = "耀晖", "周立群"
TASKS = {3: "任务3：", 6: "任务6：", 10: "任务10："}
MEASURES = {"hundred-enterprises": "百名劳模进百家企业", "master-apprentice": "名师带高徒"}
SUMMARY = "走进盐都区，与泾口村签订结对共建协议，捐赠2万元；观摩“耀晖师傅师带徒”。"


def enter_two_days(city):
    """Enter people, village and both events through the forms; return the addresses of people and events."""
    people = [
        city.enter(
            "laureates", button="保存", name=name, id_number=made_id_number(), category="工匠", org="盐都区"
        )
        for name in (MASTER, GUEST)
    ]
    city.enter(
        "organizations", button="保存", name="泾口村", code="YD-JKC", kind="村（社区）", parent="盐都区"
    )
    council = enter_event(
        city, {MASTER: "参加", GUEST: "参加"}, title=COUNCIL, kind="理事会", date="2024-06-22"
    )
    tour = enter_event(
        city, {MASTER: "示范", GUEST: "指导"}, title=TOUR, kind="县区行", date="2024-06-21", place="盐都区",
        visited_org="泾口村", donated_yuan="20000", summary=SUMMARY,
        measures=list(MEASURES.values()), tasks=[f"2024年“十项”{words}" for words in TASKS.values()],
    )  # fmt: skip
    return people, council, tour


def enter_event(city, parts, **fields):
    city.open("/events/new/")
    city.fill(**fields)
    for number, (name, part) in enumerate(parts.items()):
        if number:
            city.press("添加一行")
        city.fill(**{f"participation-{number}-laureate": name, f"participation-{number}-part": part})
    city.press("保存")
    city.page.wait_for_url(re.compile(r"/events/\d+/$"))
    return urlsplit(city.page.url).path


def listed(city, **query):
    words = "&".join(f"{name}={value}" for name, value in query.items())
    return city.rows(f"/events/?{words}")


def test_two_days_entered_once_stand_in_every_ledger(town, staff):
    city = staff("city")
    people, council, tour = enter_two_days(city)

    assert Event.everything.count() == 2
    assert Participation.objects.count() == 4
    assert sorted(listed(city, year=2024)) == sorted([COUNCIL, TOUR])
    assert listed(city, year=2024, kind="council") == [COUNCIL]
    assert listed(city, year=2024, kind="county_tour") == [TOUR]
    facts = city.open(tour).get_by_role("main").inner_text()
    assert "泾口村" in facts
    assert "20000" in facts
    assert_in_tasks(city, tour)
    assert_in_actions(city)
    assert_in_timelines(city, people, council, tour)
    assert {code: figure for code, (figure, _) in city.figures(2024).items() if figure} == {}


def assert_in_tasks(city, tour):
    """Tasks 3, 6 and 10 of 2024 each show the tour, once; no other task shows anything."""
    for task in Task.everything.filter(group="main", year=2024):
        expected = [TOUR] if task.number in TASKS else []
        assert listed(city, tasks=task.pk) == expected, task
        city.open(f"/tasks/{task.pk}/")
        assert city.page.locator(f"main a[href='{tour}']").count() == len(expected), task


def assert_in_actions(city):
    """Actions 2 and 3 show the tour under their measure, and open exactly that row; the other actions show nothing."""
    for code, name in MEASURES.items():
        measure = Measure.objects.select_related("campaign").get(code=code)
        assert listed(city, measures=measure.pk) == [TOUR]
        city.open(f"/actions/{measure.campaign.code}/?year=2024")
        line = city.page.locator("main li", has_text=name).first
        line.get_by_role("link", name="1 场活动").click()
        assert parse_qs(urlsplit(city.page.url).query)["measures"] == [str(measure.pk)]
        assert city.page.locator("#list tbody th").all_inner_texts() == [TOUR]
    for code in ("six-ins", "craftsmen", "double-strive"):
        city.open(f"/actions/{code}/?year=2024")
        assert city.page.get_by_text(re.compile(r"\d+ 场活动")).count() == 0


def assert_in_timelines(city, people, council, tour):
    """Each person's page tells both events, once, with what the person did there, the later first."""
    for address, part in zip(people, ("示范", "指导"), strict=True):
        story = city.open(address).locator("ol.story li")
        assert story.locator("a").evaluate_all("links => links.map(a => a.getAttribute('href'))") == [
            council,
            tour,
        ]
        assert f"{COUNCIL}（参加）" in story.nth(0).inner_text()
        assert f"{TOUR}（{part}）" in story.nth(1).inner_text()

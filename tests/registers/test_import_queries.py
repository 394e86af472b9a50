"""How many queries a preview asks: as many for many rows as for few."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.models import TenOneItem
from mofu.registers.register import REGISTERS
from mofu.registers.sheets.carrying import checker_for
from mofu.registers.sheets.checking import Checker
from mofu.registers.sheets.reading import read
from tests.makers import (
    made_id_number,
    make_assistance,
    make_event,
    make_honour,
    make_honour_title,
    make_laureate,
    make_measure,
    make_membership,
    make_mentorship,
    make_org,
    make_team,
    make_ten_one,
    make_ten_one_item,
    make_worker,
)
from tests.registers.sheets_of import workbook_bytes

FEW, MANY = 25, 60  # both many enough to be looked up together


def honours(count, org, *, stored):
    title = make_honour_title(name="市级劳动模范")
    people = [make_laureate(org=org, name=f"劳模{number}号") for number in range(count)]
    if stored:
        for person in people:
            make_honour(laureate=person, title=title, batch_year=2024)
    yield "获得者", "荣誉称号", "表彰年度"
    yield from ((person.name, title.name, 2024) for person in people)


def ten_ones(count, org, *, stored):
    item = make_ten_one_item(1)
    people = [make_worker(org=org, name=f"职工{number}号") for number in range(count)]
    leaders = [make_laureate(org=org, name=f"劳模{number}号") for number in range(count)]
    if stored:
        for worker, leader in zip(people, leaders, strict=True):
            make_ten_one(worker=worker, item=item, led_by=leader, lead_kind="class")
    yield "职工", "项目", "年度", "引领劳模", "引领方式"
    for worker, leader in zip(people, leaders, strict=True):
        yield worker.name, str(item), 2024, leader.name, "讲授一堂技术课"


def workers(count, org, *, stored):
    numbers = [made_id_number() for _ in range(count)]
    if stored:
        for place, number in enumerate(numbers):
            make_worker(org=org, name=f"职工{place}号", id_number=number)
    yield "姓名", "身份证号", "所属单位", "工种"
    yield from ((f"职工{place}号", number, org.name, "焊工") for place, number in enumerate(numbers))


def events(count, org, *, stored):
    if stored:
        for number in range(count):
            make_event(org=org, title=f"活动{number}号", date="2024-06-22", place="会堂")
    yield "活动名称", "活动类型", "“六进”去向", "日期", "地点", "组织单位", "结束日期"
    for number in range(count):
        yield (
            f"活动{number}号",
            "“六进”宣讲",
            "进企业",
            "2024-06-22",
            "会堂",
            org.name,
            f"2024-07-{number % 27 + 1:02}",
        )


def assistance(count, org, *, stored):
    firm = make_org(name="焊接厂", kind="enterprise", parent=org)
    needs = [f"焊接工艺改进{number}" for number in range(count)]
    if stored:
        for need in needs:
            make_assistance(org=org, enterprise=firm, need=need)
    yield "所属单位", "服务企业", "企业需求", "办理阶段", "服务日期"
    yield from ((org.name, firm.name, need, "已办结", "2024-06-22") for need in needs)


def various(count, org, *, stored):
    """Assistance to as many enterprises as there are rows, half of them named by code or short name."""
    firms = [
        make_org(
            name=f"{number}号焊接厂",
            short_name=f"{number}焊",
            code=f"HJ{number}",
            kind="enterprise",
            parent=org,
        )
        for number in range(count)
    ]
    if stored:
        for firm in firms:
            make_assistance(org=org, enterprise=firm, need="焊接")
    yield "所属单位", "服务企业", "企业需求", "办理阶段", "服务日期"
    for number, firm in enumerate(firms):
        name = (firm.name, firm.code, firm.short_name, f"{firm.name}（{org.name}）")[number % 4]
        yield org.name, name, "焊接", "已办结", "2024-06-22"


def mentorships(count, org, *, stored):
    units = [make_org(name=f"{number}号厂", kind="enterprise", parent=org) for number in range(count)]
    masters = [make_laureate(org=unit, name=f"劳模{place}号") for place, unit in enumerate(units)]
    people = [make_worker(org=unit, name=f"职工{place}号") for place, unit in enumerate(units)]
    for place, unit in enumerate(units):
        make_laureate(org=unit, name=f"劳模{(place + 1) % count}号")  # a namesake next door
    if stored:
        for master, worker in zip(masters, people, strict=True):
            make_mentorship(master=master, apprentice=worker)
    yield "师傅", "工作单位", "徒弟", "开始日期", "协议编号"
    for master, worker in zip(masters, people, strict=True):
        yield master.name, master.org.name, worker.name, "2024-06-22", "协议甲"


def memberships(count, org, *, stored):
    team = make_team()
    people = [make_laureate(org=org, name=f"劳模{number}号") for number in range(count)]
    if stored:
        for person in people:
            make_membership(team=team, laureate=person)
    yield "团队", "劳模工匠", "加入日期", "团内职务"
    yield from ((team.name, person.name, "2024-06-22", "团员") for person in people)


def with_honours(count, org, *, stored):
    """A roster whose rows carry an honour each, the stored ones with another document."""
    title = make_honour_title(name="市级劳动模范")
    numbers = [made_id_number() for _ in range(count)]
    if stored:
        for place, number in enumerate(numbers):
            person = make_laureate(org=org, name=f"劳模{place}号", id_number=number)
            make_honour(laureate=person, title=title, batch_year=2024)
    yield "姓名", "身份证号", "工作单位", "荣誉称号", "表彰年度", "表彰文号"
    for place, number in enumerate(numbers):
        yield f"劳模{place}号", number, org.name, title.name, 2024, f"盐工〔2024〕{place}号"


CHANGED = (
    "workers",
    "events",
    "laureates",
    "mentorships",
    "memberships",
)  # whose rosters say more than what is stored
ROSTERS = {
    "honours": honours,
    "ten-ones": ten_ones,
    "workers": workers,
    "events": events,
    "assistance": assistance,
    "mentorships": mentorships,
    "memberships": memberships,
    "laureates": with_honours,
}


def asked(slug, user, rows):
    """Return the queries of a preview and the statuses of its rows."""
    sheets = read("花名册.xlsx", workbook_bytes(*rows))
    with CaptureQueriesContext(connection) as found:
        results = [row for block in Checker(REGISTERS[slug], user, sheets).blocks() for row in block]
    return [query["sql"] for query in found], Counter(
        (row.status, *(problem.message for problem in row.problems)) for row in results
    )


@pytest.mark.parametrize("stored", [False, True], ids=["new", "stored"])
@pytest.mark.parametrize("slug", ROSTERS)
def test_a_preview_asks_no_more_for_more_rows(slug, stored, cast):
    rows = list(ROSTERS[slug](MANY, cast.dongtai, stored=stored))
    few, said = asked(slug, cast.county, rows[: FEW + 1])
    assert said == {(_status(slug, stored),): FEW}
    many, said = asked(slug, cast.county, rows)
    assert said == {(_status(slug, stored),): MANY}
    assert len(many) == len(few), Counter(shape(sql) for sql in many) - Counter(shape(sql) for sql in few)


@pytest.mark.parametrize("stored", [False, True], ids=["new", "stored"])
def test_many_enterprises_cost_no_more_than_few(stored, cast):
    rows = list(various(MANY, cast.dongtai, stored=stored))
    few, said = asked("assistance", cast.county, rows[: FEW + 1])
    many, _ = asked("assistance", cast.county, rows)
    assert said == {("same" if stored else "new",): FEW}
    assert len(many) == len(few), Counter(shape(sql) for sql in many) - Counter(shape(sql) for sql in few)


def test_unknown_units_cost_no_more_for_many_than_for_few(cast):
    rows = [("姓名", "工作单位"), *((f"张{number}", f"东台市{number}号新厂") for number in range(MANY))]
    few, _ = asked("workers", cast.county, rows[: FEW + 1])
    many, said = asked("workers", cast.county, rows)
    assert said == {("new",): MANY}
    assert len(many) == len(few), Counter(shape(sql) for sql in many) - Counter(shape(sql) for sql in few)


def test_headcounts_cost_no_more_for_many_units_than_for_few(cast):
    for number in range(1, 11):
        make_ten_one_item(number)
    units = [make_org(name=f"{number}号厂", kind="enterprise", parent=cast.dongtai) for number in range(MANY)]
    items = [str(item) for item in TenOneItem.objects.order_by("number")]
    rows = [("单位", "月份", *items), *((unit.name, "2024-06", *range(1, 11)) for unit in units)]
    few, _ = carried("headcounts", cast.county, rows[: FEW + 1])
    many, said = carried("headcounts", cast.county, rows)
    assert said == {"new": MANY}
    assert len(many) == len(few), Counter(shape(sql) for sql in many) - Counter(shape(sql) for sql in few)


def carried(slug, user, rows):
    """Return the queries of a preview of rows that only carry records, and what becomes of them."""
    sheets = read("表.xlsx", workbook_bytes(*rows))
    with CaptureQueriesContext(connection) as found:
        results = [
            row for block in checker_for(REGISTERS[slug], user, sheets, None).blocks() for row in block
        ]
    return [query["sql"] for query in found], Counter(row.status for row in results)


def _status(slug, stored):
    if not stored:
        return "new"
    return "changed" if slug in CHANGED else "same"


def shape(sql):
    """Return a query without its values."""
    return re.sub(r"\d+|'[^']*'", "?", sql)


def test_events_compare_the_measures_they_have(cast):
    measure = make_measure()
    for number in range(MANY):
        make_event(org=cast.dongtai, title=f"活动{number}号", measures=[measure])
    head = "活动名称", "日期", "组织单位", "服务的行动措施"
    rows = [head, *((f"活动{number}号", "2024-06-22", "东台市", measure.name) for number in range(MANY))]
    few, said = asked("events", cast.county, rows[: FEW + 1])
    many, more = asked("events", cast.county, rows)
    assert (said, more) == ({("same",): FEW}, {("same",): MANY})
    assert len(many) == len(few), Counter(shape(sql) for sql in many) - Counter(shape(sql) for sql in few)

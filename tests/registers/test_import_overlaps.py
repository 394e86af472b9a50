"""Spans that exclude one another within a file or beside what is kept: told before anything is written."""

from __future__ import annotations

from datetime import date

import pytest

from actions.models import Membership, Mentorship
from mofu.registers.register import REGISTERS
from mofu.registers.sheets import committing
from mofu.registers.sheets.reading import read
from tests.makers import make_laureate, make_membership, make_mentorship, make_team, make_worker
from tests.registers.sheets_of import workbook_bytes
from tests.registers.test_imports import messages_of, preview

PAIR = ["师傅", "徒弟", "开始日期", "实际结束日期"]
MEMBER = ["团队", "劳模工匠", "加入日期", "退出日期"]


@pytest.fixture
def pair(cast):
    return make_laureate(name="王师傅", org=cast.dongtai), make_worker(name="小李", org=cast.dongtai)


@pytest.fixture
def team(cast):
    make_laureate(name="王师傅", org=cast.dongtai)
    return make_team(name="一队")


def committed(slug, user, *rows):
    return committing.commit(REGISTERS[slug], user, read("a.xlsx", workbook_bytes(*rows)))


def test_closed_pairs_of_one_file_that_overlap_are_told_with_the_row(pair, cast):
    rows = [["王师傅", "小李", "2020-01-01", "2021-01-01"], ["王师傅", "小李", "2020-06-01", "2021-06-01"],
            ["王师傅", "小李", "2021-01-01", "2021-03-01"]]  # fmt: skip
    outcome = preview("mentorships", cast.county, PAIR, *rows)
    assert [row.status for row in outcome.rows] == ["new", "error", "new"]
    assert messages_of(outcome)[0].startswith("与第 2 行重复：已登记过同一师徒结对（时间重叠）")
    assert outcome.rows[1].problems[0].column == "徒弟"
    assert committed("mentorships", cast.county, PAIR, *rows).counts["new"] == 2
    assert Mentorship.everything.count() == 2


def test_a_name_means_whoever_bears_it(pair, cast):
    rows = [["王师傅", "小张", "2020-01-01", "2021-01-01"], ["王师傅", "小 张", "2020-06-01", "2021-06-01"]]
    assert [row.status for row in preview("mentorships", cast.county, PAIR, *rows).rows] == ["new", "error"]


def test_closing_the_old_pair_makes_room_for_the_new_one(pair, cast):
    make_mentorship(master=pair[0], apprentice=pair[1], started_on=date(2020, 1, 1))
    ends, begins = ["王师傅", "小李", "2020-01-01", "2021-01-01"], ["王师傅", "小李", "2021-01-01", ""]
    assert [row.status for row in preview("mentorships", cast.county, PAIR, ends, begins).rows] == [
        "changed",
        "new",
    ]
    assert [row.status for row in preview("mentorships", cast.county, PAIR, begins, ends).rows] == [
        "error",
        "changed",
    ]
    assert committed("mentorships", cast.county, PAIR, ends, begins).counts["errors"] == 0
    assert Mentorship.everything.count() == 2


def test_memberships_of_one_file_that_overlap_are_told_with_the_row(team, cast):
    rows = [["一队", "王师傅", "2020-01-01", "2021-01-01"], ["一队", "王师傅", "2020-06-01", "2021-06-01"],
            ["一队", "王师傅", "2021-06-01", ""]]  # fmt: skip
    outcome = preview("memberships", cast.city, MEMBER, *rows)
    assert [row.status for row in outcome.rows] == ["new", "error", "new"]
    assert "与第 2 行重复" in messages_of(outcome)[0]
    assert committed("memberships", cast.city, MEMBER, *rows).counts["new"] == 2
    assert Membership.everything.count() == 2


def test_a_stored_membership_that_overlaps_is_told(team, cast):
    make_membership(
        team=team, laureate=make_laureate(name="赵师傅", org=cast.dongtai), joined_on=date(2020, 1, 1)
    )
    outcome = preview("memberships", cast.city, MEMBER, ["一队", "赵师傅", "2020-06-01", "2021-06-01"])
    assert "同一时间已是此团队成员" in messages_of(outcome)[0]


def test_batch_edits_tell_of_overlaps_too(pair, cast, signed_in):
    first = make_mentorship(
        master=pair[0], apprentice=pair[1], started_on=date(2020, 1, 1), ended_on=date(2020, 3, 1)
    )
    make_mentorship(
        master=pair[0], apprentice=pair[1], started_on=date(2020, 6, 1), ended_on=date(2021, 1, 1)
    )
    data = {
        "pk": [first.pk],
        "field": "ended_on",
        "ended_on": "2020-09-01",
        "reason": "更正",
        "step": "preview",
    }
    page = signed_in(cast.city).post("/mentorships/batch/", data).content.decode()
    assert "时间重叠" in page

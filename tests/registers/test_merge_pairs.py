"""What merging two units brings along: every pair of people is decided on, spans that forbid it are told beforehand."""

from __future__ import annotations

from datetime import date

import pytest

from actions.models import Worker
from models_app.models import Laureate
from mofu.accounts.models import Organization
from mofu.registers import duplicates, merge_pairs, merging
from mofu.registers.models import DistinctPair, Merge
from tests.makers import (
    made_id_number,
    make_laureate,
    make_membership,
    make_mentorship,
    make_org,
    make_team,
    make_worker,
)
from tests.registers.test_merge_pages import address, send
from tests.registers.test_merging import dump


@pytest.fixture
def units(cast):
    return [make_org(name=name, kind="enterprise", parent=cast.dongtai) for name in ("甲厂", "甲厂有限公司")]


def namesakes(units, maker=make_laureate, **values):
    return [maker(org=unit, name="张三", birth_date="1970-05-01", **values) for unit in units]


def choice(one, other, slug="laureates"):
    first, second = duplicates.pair_of(one.pk, other.pk)
    return f"along-{slug}-{first}-{second}"


def merge_units(client, units, **values):
    return send(client, "organizations", *units, **values)


def test_each_pair_is_shown_with_both_units_and_has_to_be_decided(units, cast, signed_in):
    people, staff = namesakes(units), namesakes(units, make_worker)
    client = signed_in(cast.county)
    page = client.get(address("organizations", *units)).content.decode()
    assert "一并合并的记录" in page
    for name in (choice(*people), choice(*staff, "workers")):
        assert page.count(f'name="{name}"') == 2
    assert page.count("出生日期：1970年5月1日") == 4
    assert "工作单位：甲厂有限公司" in page
    before = dump()
    told = merge_units(client, units, **{choice(*people): "same"})
    assert (told.status_code, "请逐对选择" in told.content.decode(), dump() == before) == (422, True, True)
    assert f'name="{choice(*people)}" value="same" checked' in told.content.decode()
    merge_units(client, units, **{choice(*people): "same", choice(*staff, "workers"): "same"})
    assert (Laureate.everything.count(), Worker.everything.count()) == (1, 1)
    assert not Organization.everything.filter(name="甲厂有限公司").exists()


def test_a_pair_said_to_be_two_is_remembered_and_nothing_is_merged(units, cast, signed_in):
    people = namesakes(units)
    client = signed_in(cast.county)
    told = merge_units(client, units, **{choice(*people): "distinct"}).content.decode()
    assert "已记下两个“张三”不是同一人" in told
    assert (Laureate.everything.count(), Merge.objects.count(), DistinctPair.objects.count()) == (2, 0, 1)
    page = client.get(address("organizations", *units)).content.decode()
    assert "按现在的情况不能合并" in page
    assert choice(*people) not in page
    people[0].id_number = made_id_number(birth="19700501")
    people[0].save()
    merge_units(client, units)
    assert sorted(Laureate.everything.values_list("org__name", flat=True)) == ["甲厂", "甲厂"]


def test_nobody_is_merged_along_whom_nobody_named(units, cast):
    namesakes(units)
    with pytest.raises(merging.MergeError, match="逐对选择"):
        merging.merge(winner=units[0], loser=units[1], taken=(), reason="重复", user=cast.city)
    assert Laureate.everything.count() == 2


def test_people_without_a_birth_date_are_told_before_the_merge(units, cast, signed_in):
    people = [make_laureate(org=unit, name="李四") for unit in units]
    page = signed_in(cast.county).get(address("organizations", *units)).content.decode()
    assert "不能确定是同一人" in page
    assert choice(*people) not in page


def test_pairs_of_units_below_are_found_down_to_their_people(units, cast):
    shops = [make_org(name="一车间", kind="enterprise", parent=unit) for unit in units]
    namesakes(shops)
    found = merge_pairs.foresee(*units, cast.city).pairs
    assert [(pair.register.slug, pair.labels) for pair in found] == [
        ("organizations", ["一车间", "一车间"]), ("laureates", ["张三", "张三"]),
    ]  # fmt: skip


@pytest.mark.parametrize("nested", [False, True], ids=["people", "units of people"])
def test_spans_that_would_cross_are_told_on_the_screen(nested, units, cast, signed_in):
    people = namesakes(units)
    team, apprentice = make_team(name="一队"), make_worker(org=cast.dongtai)
    make_membership(team=team, laureate=people[0], joined_on=date(2020, 1, 1), left_on=date(2021, 1, 1))
    make_membership(team=team, laureate=people[1], joined_on=date(2020, 6, 1), left_on=date(2021, 6, 1))
    make_mentorship(master=people[0], apprentice=apprentice, started_on=date(2020, 1, 1))
    make_mentorship(
        master=people[1], apprentice=apprentice, started_on=date(2019, 1, 1), ended_on=date(2020, 3, 1)
    )
    client = signed_in(cast.city)
    before = dump()
    records = ("organizations", *units) if nested else ("laureates", *people)
    page = client.get(address(*records)).content.decode()
    assert page.count("不能转到保留的记录") == 2
    assert "团队成员“张三·一队”不能转到保留的记录：该同志在同一时间已是此团队成员" in page
    assert dump() == before

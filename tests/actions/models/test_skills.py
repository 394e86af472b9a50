"""Studios, mentorships, workers, ten ones, craftsmen, academies."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from actions.models import Academy, Craftsman, Mentorship, Studio, StudioMember, TenOne, Worker
from actions.registers.ten_ones import TenOneRegister
from models_app.models import SkillLevel
from mofu.registers.periods import Period
from tests.makers import (
    made_id_number,
    make_academy,
    make_craftsman,
    make_laureate,
    make_mentorship,
    make_org,
    make_studio,
    make_ten_one,
    make_ten_one_item,
    make_user,
    make_worker,
)

pytestmark = pytest.mark.django_db
DAY = date(2024, 6, 22)


def problems_of(record):
    with pytest.raises(ValidationError) as caught:
        record.full_clean()
    return caught.value.message_dict


def test_new_quality_studio_needs_its_reason_and_the_reason_its_tick():
    studio = make_studio()
    studio.is_new_quality = True
    assert "认定依据" in problems_of(studio)["new_quality_reason"][0]
    studio.is_new_quality, studio.new_quality_reason = False, "智能制造"
    assert "is_new_quality" in problems_of(studio)
    studio.is_new_quality = True
    studio.full_clean()


def test_new_quality_without_reason_is_refused_by_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_studio(is_new_quality=True)


def test_studio_once_per_unit_under_a_name():
    studio = make_studio()
    again = Studio(name=studio.name, org=studio.org, leader=studio.leader, category="technical", founder="county",
                   created_on="2024")  # fmt: skip
    assert "同名工作室" in str(problems_of(again))


def test_studios_of_the_association_are_a_count_of_their_own():
    mine = make_studio(founder="association")
    make_studio(founder="city_union", status="revoked")
    assert list(Studio.everything.of_association()) == [mine] == list(Studio.everything.standing())


def test_studio_known_to_the_year_counts_in_its_year():
    studio = make_studio(created_on="2024")
    assert list(Studio.everything.in_year(2024)) == [studio]
    assert not Studio.everything.in_year(2025).exists()


def test_studio_member_is_somebody():
    studio = make_studio()
    assert "name" in problems_of(StudioMember(studio=studio))
    StudioMember(studio=studio, name="陈师傅").full_clean()
    both = StudioMember(studio=studio, worker=make_worker(), laureate=make_laureate())
    assert "laureate" in problems_of(both)


def test_nobody_is_his_own_apprentice():
    number = made_id_number(birth="19800102")
    master = make_laureate(name="孙师傅", id_number=number)
    same = [
        make_worker(laureate=master),
        make_worker(name="孙师傅", id_number=number),
        make_worker(name="孙师傅", birth_date="1980-01"),
    ]
    for worker in same:
        pair = Mentorship(master=master, apprentice=worker, started_on=DAY)
        assert problems_of(pair)["apprentice"] == ["师傅和徒弟不能是同一个人。"]
    by_name = Mentorship(master=master, apprentice_name="孙师傅", started_on=DAY)
    assert "apprentice_name" in problems_of(by_name)
    Mentorship(
        master=master, apprentice=make_worker(name="孙师傅", birth_date="2000"), started_on=DAY
    ).full_clean()


def test_mentorship_needs_an_apprentice_and_an_order_of_dates():
    master = make_laureate()
    assert "apprentice" in problems_of(Mentorship(master=master, started_on=DAY))
    pair = Mentorship(master=master, apprentice_name="小李", started_on=DAY, ends_on=date(2024, 1, 1))
    assert problems_of(pair)["ends_on"] == ["协议到期日不能早于开始日期。"]


def test_mentorship_runs_until_it_ends_or_the_agreement_does():
    pair = make_mentorship(ends_on=date(2025, 6, 21))
    running = Mentorship.everything.running
    assert running(DAY).exists()
    assert not running(date(2024, 6, 21)).exists()
    assert not running(date(2025, 6, 22)).exists()
    pair.ended_on = date(2024, 12, 31)
    pair.save()
    assert not running(date(2025, 1, 1)).exists()
    assert Mentorship.everything.running_in(Period.of_year(2024)).exists()


def test_apprentice_is_promoted_when_the_level_rose():
    worker = make_worker(skill_level=SkillLevel.MIDDLE)
    pair = make_mentorship(apprentice=worker)
    assert pair.level_before == SkillLevel.MIDDLE
    assert not Mentorship.everything.promoted().exists()
    pair.level_after = SkillLevel.SENIOR
    pair.save()
    assert list(Mentorship.everything.promoted()) == [pair]


def test_workers_by_skill():
    skilled = make_worker(skill_level=SkillLevel.TECHNICIAN)
    make_worker(skill_level=SkillLevel.JUNIOR)
    make_worker()
    assert list(Worker.everything.at_least(SkillLevel.SENIOR)) == [skilled]


def test_ten_one_belongs_to_the_workers_unit_and_counts_once_a_year():
    row = make_ten_one()
    assert row.org == row.worker.org
    assert "请勿重复录入" in str(
        problems_of(TenOne(worker=row.worker, item=row.item, year=2024, org=row.org))
    )
    TenOne(worker=row.worker, item=row.item, year=2025, org=row.org).full_clean()


def test_ten_one_names_leader_and_way_together():
    row = make_ten_one()
    row.lead_kind = "class"
    assert "led_by" in problems_of(row)
    row.lead_kind, row.led_by = "", make_laureate()
    assert "lead_kind" in problems_of(row)
    row.lead_kind = "class"
    row.save()
    assert list(TenOne.everything.led("class")) == [row]
    assert not TenOne.everything.led("story").exists()


def test_ten_one_day_lies_in_its_year():
    row = make_ten_one()
    row.done_on = date(2025, 1, 1)
    assert "不在2024年" in problems_of(row)["done_on"][0]


def test_all_ten_make_a_worker_complete():
    worker = make_worker()
    for number in range(1, 11):
        make_ten_one(worker=worker, item=number)
    make_ten_one(item=1)
    complete = TenOne.everything.workers_with_all(2024)
    assert [row["worker"] for row in complete] == [worker.pk]
    assert TenOne.everything.of_item(1).count() == 2


def test_form_of_ten_ones_takes_the_unit_from_the_worker():
    worker, item = make_worker(), make_ten_one_item(5)
    form = TenOneRegister().form({"worker": worker.pk, "item": item.pk, "year": 2024}, user=make_user())
    assert form.is_valid(), form.errors
    assert form.save().org == worker.org


def test_ten_ones_are_found_by_worker_and_unit():
    row = make_ten_one(worker=make_worker(name="赵工", org=make_org(name="江苏悦达")))
    make_ten_one(worker=make_worker(name="王芳"))
    assert list(TenOne.everything.search("zg")) == [row] == list(TenOne.everything.search("悦达"))


def test_craftsman_is_named_on_a_day_and_once_a_year():
    named = make_craftsman()
    assert "请勿重复录入" in str(
        problems_of(Craftsman(name=named.name, org=named.org, grade=named.grade, year=2024, stage="trainee"))
    )
    assert "named_on" in problems_of(
        Craftsman(name="甲", org=named.org, grade="js51", year=2024, stage="named")
    )
    early = Craftsman(name="甲", org=named.org, grade="js51", year=2024, stage="trainee", named_on=DAY)
    assert "stage" in problems_of(early)


def test_trainees_and_named_craftsmen_are_kept_apart():
    named = make_craftsman()
    make_craftsman(stage="trainee")
    sent = make_craftsman(stage="recommended", grade="js51", nominated_on=DAY)
    assert list(Craftsman.everything.named(Craftsman.Grade.YANCHENG)) == [named]
    assert set(Craftsman.everything.nominated()) == {named, sent}
    assert list(Craftsman.everything.of_grade("js51")) == [sent]


def test_craftsman_is_the_person_pointed_to():
    record = make_craftsman(name="钱工")
    record.laureate = make_laureate(name="别人")
    assert "别人" in problems_of(record)["laureate"][0]


def test_academy_named_has_its_year():
    academy = make_academy()
    make_academy(status="preparing", named_year=None, named_on="")
    assert list(Academy.everything.named()) == [academy] == list(Academy.everything.in_year(2024))
    academy.named_year = None
    assert "named_year" in problems_of(academy)

"""Honours of persons and groups."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from models_app.models import GroupHonour, Honour
from tests.makers import make_group_honour, make_honour, make_honour_title, make_laureate, make_org

pytestmark = pytest.mark.django_db


def problems_of(record):
    with pytest.raises(ValidationError) as caught:
        record.full_clean()
    return caught.value.message_dict


def test_same_honour_of_one_batch_is_refused():
    honour = make_honour()
    again = Honour(laureate=honour.laureate, title=honour.title, batch_year=honour.batch_year)
    assert "请勿重复录入" in str(problems_of(again))


def test_revocation_needs_reason_and_date():
    honour = Honour(laureate=make_laureate(), title=make_honour_title(), batch_year=2024, revoked=True)
    assert {"revoked_reason", "revoked_on"} <= set(problems_of(honour))


def test_revocation_without_reason_is_refused_by_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_honour(revoked=True)


def test_revocation_before_the_grant_is_refused():
    honour = Honour(laureate=make_laureate(), title=make_honour_title(), batch_year=2020, granted_on="2020-05",
                    revoked=True, revoked_on="2019", revoked_reason="弄虚作假")  # fmt: skip
    assert "不能早于" in problems_of(honour)["revoked_on"][0]


def test_revoked_honour_stays_on_file_and_is_not_in_force():
    honour = make_honour(revoked=True, revoked_on="2024", revoked_reason="弄虚作假")
    assert Honour.everything.filter(pk=honour.pk).exists()
    assert not Honour.everything.in_force().exists()


def test_group_titles_and_personal_titles_do_not_mix():
    personal = Honour(laureate=make_laureate(), title=make_honour_title(kind="group"), batch_year=2024)
    assert "集体荣誉" in problems_of(personal)["title"][0]
    group = GroupHonour(org=make_org(), title=make_honour_title(), year=2024)
    assert "个人荣誉" in problems_of(group)["title"][0]


def test_honours_are_found_by_year_level_and_laureate():
    old = make_honour(batch_year=2020, laureate=make_laureate(name="张工"))
    make_honour(batch_year=2024)
    assert list(Honour.everything.in_year(2020)) == [old]
    assert list(Honour.everything.search("zg")) == [old]
    assert Honour.everything.of_level("L3").count() == 2


def test_group_honour_once_for_a_section_and_year():
    first = make_group_honour(section="一车间")
    again = GroupHonour(org=first.org, section="一车间", title=first.title, year=2024)
    assert "请勿重复录入" in str(problems_of(again))
    GroupHonour(org=first.org, section="二车间", title=first.title, year=2024).full_clean()

"""Consents: one per purpose, withdrawn and kept, respected where names leave the house."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from models_app.models import Consent, Laureate, publicly_shown
from mofu.registers import attachments, merging
from tests.makers import make_care_file, make_consent, make_laureate

DAY = date(2026, 3, 1)


@pytest.fixture
def person(cast):
    return make_laureate(org=cast.dongtai, name="仇英")


def form_of(person, **values):
    return {
        "laureate": person.pk, "purpose": "publicity", "notice_version": "2026年1月版", "agreed_on": "2026-03-01",
        "form": "paper", **values,
    }  # fmt: skip


def test_a_county_registers_a_consent_with_its_scan(person, cast, signed_in):
    client = signed_in(cast.county)
    assert client.post("/consents/new/", form_of(person)).status_code == 302
    consent = Consent.everything.get()
    scan = SimpleUploadedFile("授权书.pdf", b"%PDF-1.4 x")
    client.post(f"/consents/{consent.pk}/files/", {"files": scan})
    assert "授权书.pdf" in client.get(f"/consents/{consent.pk}/").content.decode()
    page = client.get(f"/laureates/{person.pk}/").content.decode()
    assert "宣传报道和对外公布" in page
    assert "个人信息授权" not in signed_in(cast.leader).get(f"/laureates/{person.pk}/").content.decode()


def test_one_purpose_is_in_force_once_and_may_be_given_again(person):
    first = make_consent(laureate=person, purpose="publicity")
    with pytest.raises(ValidationError, match="已有这项用途的有效授权"):
        Consent(laureate=person, purpose="publicity", notice_version="2", agreed_on=DAY).full_clean()
    first.withdrawn_on = DAY
    first.save()
    Consent(laureate=person, purpose="publicity", notice_version="2", agreed_on=DAY).full_clean()


def test_withdrawal_comes_after_consent(person):
    consent = Consent(
        laureate=person, purpose="care", notice_version="1", agreed_on=DAY, withdrawn_on=date(2026, 2, 1)
    )
    with pytest.raises(ValidationError, match="撤回日期不能早于授权日期"):
        consent.full_clean()


def test_who_withdrew_publicity_is_shown_nowhere_outside(cast, signed_in):
    keeps, withdrew, again, other = (
        make_laureate(org=cast.dongtai, name=name) for name in ("甲一", "乙二", "丙三", "丁四")
    )
    make_consent(laureate=keeps, purpose="publicity")
    make_consent(laureate=withdrew, purpose="publicity", withdrawn_on=DAY)
    make_consent(laureate=again, purpose="publicity", withdrawn_on=DAY)
    make_consent(laureate=again, purpose="publicity", agreed_on=DAY)
    make_consent(laureate=other, purpose="care", withdrawn_on=DAY)
    shown = {person.name for person in publicly_shown(Laureate.everything.all())}
    assert shown == {"甲一", "丙三", "丁四"}
    made = signed_in(cast.city).get("/reports/public-roster/file.xlsx")
    book = load_workbook(BytesIO(b"".join(made.streaming_content)))
    texts = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell}
    assert texts >= {"甲一", "丙三", "丁四"}
    assert "乙二" not in texts
    assert "出生年月" not in texts
    inside = signed_in(cast.city).get("/reports/roster/file.xlsx")
    book = load_workbook(BytesIO(b"".join(inside.streaming_content)))
    assert "乙二" in str([row for sheet in book for row in sheet.iter_rows(values_only=True)])


def test_a_list_says_which_papers_are_missing(person, cast, signed_in):
    make_consent(laureate=person)
    client = signed_in(cast.county)
    cells = client.get("/consents/").content.decode()
    assert "缺" in cells
    attachments.keep(SimpleUploadedFile("授权书.pdf", b"%PDF-1.4 x"), Consent.everything.get(), cast.city)
    assert "缺" not in client.get("/consents/").content.decode()


def merged(user, winner, loser):
    merging.merge(winner=winner, loser=loser, taken=[], reason="同一人", user=user)


def test_a_merge_keeps_the_latest_word(cast):
    winner, loser = (make_laureate(org=cast.dongtai, name=name) for name in ("甲一", "甲二"))
    for purpose in ("publicity", "sensitive"):
        make_consent(laureate=winner, purpose=purpose, agreed_on=date(2025, 1, 1))
        make_consent(laureate=loser, purpose=purpose, agreed_on=date(2025, 6, 1), withdrawn_on=DAY)
    file = make_care_file(laureate=winner)
    assert publicly_shown(Laureate.everything.filter(pk=winner.pk)).exists()
    merged(cast.city, winner, loser)
    assert not publicly_shown(Laureate.everything.filter(pk=winner.pk)).exists()
    assert not Consent.everything.in_force().filter(laureate=winner).exists()
    assert not type(file).everything.agreed().exists()
    for consent in Consent.everything.filter(laureate=winner):
        consent.withdrawn_on = consent.withdrawn_on or DAY
        consent.save()
    make_consent(laureate=winner, purpose="publicity", agreed_on=DAY)
    assert publicly_shown(Laureate.everything.filter(pk=winner.pk)).exists()


def test_a_page_says_that_another_row_ended_a_consent(cast, signed_in):
    winner, loser = (make_laureate(org=cast.dongtai, name=name) for name in ("甲一", "甲二"))
    make_consent(laureate=winner, purpose="publicity", agreed_on=date(2025, 1, 1))
    make_consent(laureate=loser, purpose="publicity", agreed_on=date(2025, 6, 1), withdrawn_on=DAY)
    merged(cast.city, winner, loser)
    page = signed_in(cast.city).get(f"/laureates/{winner.pk}/").content.decode()
    assert "2026-03-01 另行撤回" in page
    assert "有效</td>" not in page


@pytest.mark.parametrize("withdrawn", [(None, DAY), (DAY, None), (DAY, date(2026, 2, 1))])
def test_rows_of_one_day_do_not_go_into_each_other_where_one_is_withdrawn(cast, withdrawn, signed_in):
    winner, loser = (make_laureate(org=cast.dongtai, name=name) for name in ("乙一", "乙二"))
    for person, day in zip((winner, loser), withdrawn, strict=True):
        make_consent(laureate=person, purpose="publicity", agreed_on=date(2025, 1, 1), withdrawn_on=day)
    with pytest.raises(merging.MergeError, match="撤回情况不同"):
        merged(cast.city, winner, loser)
    assert Consent.everything.count() == 2
    page = signed_in(cast.city).get(f"/duplicates/laureates/{winner.pk}/{loser.pk}/").content.decode()
    assert "撤回情况不同" in page
    Consent.everything.update(withdrawn_on=DAY)
    merged(cast.city, winner, loser)
    assert Consent.everything.get().withdrawn_on == DAY


def test_an_agreement_after_a_withdrawal_is_not_lost_either(cast):
    winner, loser = (make_laureate(org=cast.dongtai, name=name) for name in ("丙一", "丙二"))
    make_consent(laureate=winner, purpose="publicity", agreed_on=date(2025, 1, 1))
    make_consent(laureate=loser, purpose="publicity", agreed_on=date(2025, 6, 1), withdrawn_on=DAY)
    make_consent(laureate=loser, purpose="publicity", agreed_on=DAY)
    with pytest.raises(merging.MergeError, match="较早的一份"):
        merged(cast.city, winner, loser)
    merged(cast.city, loser, winner)
    assert publicly_shown(Laureate.everything.filter(pk=loser.pk)).exists()


def test_two_consents_in_force_still_become_one(cast):
    winner, loser = (make_laureate(org=cast.dongtai, name=name) for name in ("丁一", "丁二"))
    make_consent(laureate=winner, purpose="publicity", agreed_on=date(2025, 1, 1))
    make_consent(laureate=loser, purpose="publicity", agreed_on=DAY)
    merged(cast.city, winner, loser)
    assert Consent.everything.in_force().count() == 1


def test_dates_at_odds_with_another_row_are_refused(person):
    old = make_consent(laureate=person, purpose="publicity", agreed_on=date(2025, 1, 1), withdrawn_on=DAY)
    early = Consent(laureate=person, purpose="publicity", notice_version="2", agreed_on=date(2026, 2, 1))
    with pytest.raises(ValidationError, match="2026年3月1日撤回"):
        early.full_clean()
    make_consent(laureate=person, purpose="publicity", agreed_on=DAY)
    old.withdrawn_on = date(2026, 3, 5)
    with pytest.raises(ValidationError, match="登记在那一条"):
        old.full_clean()

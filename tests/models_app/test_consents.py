"""Consents: one per purpose, withdrawn and kept, respected where names leave the house."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from models_app.models import Consent, Laureate, publicly_shown
from mofu.registers import attachments
from tests.makers import make_consent, make_laureate

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

"""Personal data: who may see, reveal, change and export which class of it, on every surface."""

from __future__ import annotations

import pytest
from django.test import Client

from models_app.models import Laureate
from mofu.accounts import policy, trail
from mofu.accounts.models import Role, TrailEntry
from mofu.accounts.policy import DATA_RIGHTS, DataClass, Use, may_use
from mofu.registers.register import REGISTERS
from mofu.registers.sheets import committing
from mofu.registers.sheets.reading import read
from tests.makers import made_id_number, make_laureate, make_worker
from tests.registers.sheets_of import workbook_bytes

PHONE = "13900001234"


@pytest.fixture
def person(cast):
    return make_laureate(org=cast.dongtai, name="仇英", id_number=made_id_number(), phone=PHONE)


def reveal(client, person, field="id_number", **data):
    return client.post(f"/laureates/{person.pk}/reveal/", {"field": field, **data})


def revealed(user):
    return TrailEntry.objects.filter(action="revealed", actor=user)


def without(monkeypatch, use, data, *roles):
    """Take a use of a class of data away from roles."""
    rights = DATA_RIGHTS[data] | {use: DATA_RIGHTS[data][use] - set(roles)}
    monkeypatch.setitem(policy.DATA_RIGHTS, data, rights)


# revealing -----------------------------------------------------------------------------------------------


def test_a_number_is_shown_once_for_a_purpose_and_leaves_a_trail(person, cast, signed_in):
    client = signed_in(cast.county)
    assert person.id_number not in client.get(f"/laureates/{person.pk}/").content.decode()
    asked = reveal(client, person)
    assert (asked.status_code, "查看用途" in asked.content.decode()) == (200, True)
    assert person.id_number not in asked.content.decode()
    assert revealed(cast.county).count() == 0
    shown = reveal(client, person, ask="1", purpose="benefit", words="2026年疗休养")
    assert person.id_number in shown.content.decode()
    assert PHONE not in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    entry = revealed(cast.county).get()
    assert (entry.object_id, entry.reason) == (
        str(person.pk), "身份证号；用途：办理待遇、慰问、疗休养：2026年疗休养",
    )  # fmt: skip
    assert person.id_number not in client.get(f"/laureates/{person.pk}/").content.decode()
    assert client.get(f"/laureates/{person.pk}/reveal/").status_code == 405


@pytest.mark.parametrize("data", [{}, {"purpose": "fun"}, {"purpose": "other"}, {"words": "看看"}])
def test_without_a_purpose_nothing_is_shown(person, cast, signed_in, data):
    response = reveal(signed_in(cast.city), person, ask="1", **data)
    assert response.status_code == 422
    assert person.id_number not in response.content.decode()
    assert revealed(cast.city).count() == 0


def test_so_many_a_day(person, cast, signed_in, settings):
    settings.REVEALS_PER_DAY = 2
    client = signed_in(cast.city)
    for _ in range(2):
        assert reveal(client, person, "phone", ask="1", purpose="contact").status_code == 200
    refused = reveal(client, person, "phone", ask="1", purpose="contact")
    assert (refused.status_code, PHONE in refused.content.decode()) == (429, False)
    assert "2 次上限" in refused.content.decode()
    assert revealed(cast.city).count() == 2
    assert reveal(signed_in(cast.county), person, "phone", ask="1", purpose="contact").status_code == 200


def test_who_may_not_and_what_is_none(person, cast, signed_in):
    for user in (cast.leader, cast.admin, cast.auditor):
        assert reveal(signed_in(user), person, ask="1", purpose="verify").status_code == 403
    assert reveal(signed_in(cast.other), person, ask="1", purpose="verify").status_code == 404
    assert reveal(signed_in(cast.city), person, "name", ask="1", purpose="verify").status_code == 404


# one table of classes ------------------------------------------------------------------------------------


def test_every_secret_field_has_a_class_and_every_class_its_uses():
    secret = {name for register in REGISTERS.values() for name in register.secret_fields}
    assert secret == {"id_number", "phone", "illness", "hardship_note", "bank_account"}
    for uses in DATA_RIGHTS.values():
        assert Use.SEE in uses
        assert set(uses) <= set(Use)
        for roles in uses.values():  # whoever does anything with it may see it
            assert roles <= uses[Use.SEE]


@pytest.mark.parametrize("data", DataClass)
def test_auditors_and_administrators_see_no_personal_data(cast, data):
    for user in (cast.auditor, cast.admin, cast.stranger):
        assert not any(may_use(user, use, data) for use in Use)
    assert not may_use(cast.leader, Use.REVEAL, data)
    assert not may_use(cast.leader, Use.CHANGE, data)


SURFACES = [
    "/laureates/{pk}/", "/laureates/", "/laureates/?export=xlsx", "/laureates/{pk}/history/", "/laureates/{pk}/edit/",
    "/workers/", "/duplicates/", "/review/",
]  # fmt: skip


def test_no_surface_shows_a_number_in_full(person, cast, signed_in):
    make_worker(org=cast.dongtai, name="仇英", phone=PHONE, birth_date=person.birth_date)
    person.phone = "13900005678"
    person.save()
    for user in (cast.city, cast.county, cast.leader, cast.admin):
        client: Client = signed_in(user)
        for address in SURFACES:
            response = client.get(address.format(pk=person.pk))
            body = b"".join(response.streaming_content) if response.streaming else response.content
            for number in (person.id_number, PHONE, person.phone):
                assert number.encode() not in body, (user, address)


def test_who_may_not_see_a_class_finds_it_on_no_surface(person, cast, signed_in, monkeypatch):
    without(monkeypatch, Use.SEE, DataClass.PHONE, Role.LEADER)
    client = signed_in(cast.leader)
    page = client.get(f"/laureates/{person.pk}/").content.decode()
    assert "139****1234" not in page
    assert "（无权查看）" in page
    assert "320999********" in page
    columns = {"column": ["name", "masked_phone"]}
    assert signed_in(cast.leader).post("/laureates/columns/", columns).status_code == 302
    listed = client.get("/laureates/").content.decode()
    assert ("联系电话" in listed, "139****1234" in listed) == (False, False)
    client.post("/workers/columns/", {"column": ["name", "masked_phone"]})
    assert "联系电话" not in client.get("/workers/").content.decode()


def test_the_administrator_sees_no_numbers_of_people(person, cast, signed_in):
    page = signed_in(cast.admin).get(f"/laureates/{person.pk}/").content.decode()
    assert ("139****1234" in page, "320999********" in page, "（无权查看）" in page) == (False, False, True)
    form = signed_in(cast.admin).get(f"/admin/models_app/laureate/{person.pk}/change/").content.decode()
    assert ("139****1234" in form, "320999********" in form) == (False, False)


def test_who_may_not_change_a_class_leaves_it_by_form_and_import(person, cast, signed_in, monkeypatch):
    without(monkeypatch, Use.CHANGE, DataClass.PHONE, Role.COUNTY)
    client = signed_in(cast.county)
    form = {
        "name": "仇英",
        "category": "model",
        "org": cast.dongtai.pk,
        "status": "ZZ",
        "phone": "13911112222",
    }
    posted = client.post(f"/laureates/{person.pk}/edit/", form | {"id_number": person.masked_id_number})
    assert posted.status_code == 302
    assert Laureate.everything.get(pk=person.pk).phone == PHONE
    sheet = workbook_bytes(
        ["姓名", "身份证号", "工作单位", "联系电话"], ["仇英", person.id_number, "东台市", "13911112222"]
    )
    outcome = committing.preview(REGISTERS["laureates"], cast.county, read("表.xlsx", sheet), {})
    assert outcome.counts["same"] == 1


def test_who_may_not_export_a_class_in_full_gets_it_masked(person, cast, signed_in, monkeypatch):
    without(monkeypatch, Use.EXPORT, DataClass.PHONE, Role.CITY)
    data = {"columns": "all", "style": "strict", "query": "", "full": "on", "purpose": "报省总"}
    response = signed_in(cast.city).post("/laureates/export/", data)
    from tests.registers.test_exports import cells_of, content_of  # noqa: PLC0415

    text = str(cells_of(content_of(response)))
    assert (person.id_number in text, PHONE in text, "139****1234" in text) == (True, False, True)


def test_numbers_typed_as_a_purpose_are_kept_and_shown_hidden(person, cast, signed_in):
    number = person.id_number
    words = f"核对 {number[:6]} {number[6:]} 账号6228480402564890018"
    answer = reveal(signed_in(cast.county), person, "phone", ask="1", purpose="other", words=words)
    assert answer.status_code == 200
    entry = revealed(cast.county).get()
    assert entry.reason == f"联系电话；用途：其他：核对 {number[:6]}***********{number[-1]} 账号****0018"
    trail.record(
        trail.Action.ALARM, reason=f"旧记录 {words}"
    )  # written before numbers were hidden on the way in
    auditor = signed_in(cast.auditor)
    for address in ("/trail/", f"/trail/{TrailEntry.objects.filter(action='alarm').get().pk}/"):
        page = auditor.get(address).content.decode()
        assert "旧记录 核对" in page
        assert "6228480402564890018" not in page
        assert f"{number[:6]} {number[6:]}" not in page

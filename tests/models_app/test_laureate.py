"""Laureates: ID number, what follows from it, duplicates, standing, photo."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from PIL import Image

from models_app.models import Laureate, LaureateStatus
from models_app.registers.laureates import LaureateRegister
from mofu.accounts.models import TrailEntry
from tests.makers import made_id_number, make_honour, make_laureate, make_org, make_user

pytestmark = pytest.mark.django_db


def problems_of(record):
    with pytest.raises(ValidationError) as caught:
        record.full_clean()
    return caught.value.message_dict


def new_laureate(**values):
    return Laureate(**{"name": "王芳", "category": "model", "org": make_org(), **values})


def test_birth_date_and_sex_come_from_the_id_number():
    laureate = new_laureate(id_number=made_id_number(birth="19750312", male=False))
    laureate.full_clean()
    laureate.save()
    laureate.refresh_from_db()
    assert (laureate.birth_date, laureate.sex) == ("1975-03-12", "F")


def test_wrong_check_digit_is_told_at_the_field():
    number = made_id_number()
    wrong = number[:17] + ("1" if number[17] != "1" else "2")
    assert "校验位" in problems_of(new_laureate(id_number=wrong))["id_number"][0]


def test_contradicting_birth_date_and_sex_are_told_at_their_fields():
    number = made_id_number(birth="19750312", male=True)
    assert "1975年3月12日" in problems_of(new_laureate(id_number=number, birth_date="1976"))["birth_date"][0]
    assert "男" in problems_of(new_laureate(id_number=number, sex="F"))["sex"][0]


def test_birth_year_that_agrees_is_completed():
    laureate = new_laureate(id_number=made_id_number(birth="19750312"), birth_date="1975")
    laureate.full_clean()
    assert laureate.birth_date == "1975-03-12"


def test_same_id_number_is_refused_in_any_unit_and_way_of_typing():
    number = made_id_number()
    make_laureate(id_number=number)
    again = new_laureate(id_number=f" {number[:6]} {number[6:].lower()}")
    assert "已登记" in problems_of(again)["id_number"][0]


def test_same_id_number_cannot_slip_in_behind_the_form():
    number = made_id_number()
    make_laureate(id_number=number)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_laureate(id_number=number)


def test_many_laureates_may_lack_an_id_number():
    assert make_laureate().pk != make_laureate().pk


def test_namesake_with_same_birth_date_in_the_unit_is_refused_without_id_number():
    org = make_org()
    make_laureate(name="李强", org=org, birth_date="1980-01-02")
    assert "同名" in problems_of(new_laureate(name="李 强", org=org, birth_date="1980-01-02"))["name"][0]
    new_laureate(name="李强", org=org, birth_date="1981-01-02").full_clean()
    new_laureate(name="李强", org=make_org(), birth_date="1980-01-02").full_clean()


def test_namesakes_with_two_id_numbers_are_two_persons():
    org = make_org()
    make_laureate(name="李强", org=org, id_number=made_id_number(birth="19800102"))
    new_laureate(name="李强", org=org, id_number=made_id_number(birth="19800102")).full_clean()


def test_born_or_employed_in_the_future_is_refused():
    assert "birth_date" in problems_of(new_laureate(birth_date="2999"))
    assert "joined_work" in problems_of(new_laureate(birth_date="1980", joined_work="1979"))


def test_industry_union_must_be_one():
    assert "不是产业工会" in problems_of(new_laureate(industry_union=make_org()))["industry_union"][0]


def test_personal_numbers_are_not_readable_in_the_database_or_on_the_trail():
    number = made_id_number()
    laureate = make_laureate(id_number=number, phone="13805110001")
    row = Laureate.everything.filter(pk=laureate.pk).extra(select={"raw": "id_number", "raw_phone": "phone"})
    stored = row.values("raw", "raw_phone").get()
    assert number not in stored["raw"]
    assert "13805110001" not in stored["raw_phone"]
    changes = str(TrailEntry.objects.get(object_id=str(laureate.pk), model="models_app.laureate").changes)
    assert number not in changes
    assert "13805110001" not in changes


def test_form_keeps_the_number_behind_the_mask():
    number = made_id_number()
    laureate = make_laureate(id_number=number, phone="13805110001", org=make_org())
    user = make_user()
    form = LaureateRegister().form(user=user, instance=laureate)
    assert form["id_number"].value() == f"{number[:6]}***********{number[-1]}"
    data = {bound.html_name: bound.value() or "" for bound in form if bound.name != "photo"}
    posted = LaureateRegister().form(
        data | {"note": "改"}, user=user, instance=Laureate.everything.get(pk=laureate.pk)
    )
    assert posted.is_valid(), posted.errors
    posted.save()
    laureate.refresh_from_db()
    assert (laureate.id_number, laureate.phone, laureate.note) == (number, "13805110001", "改")


@pytest.mark.parametrize(
    ("phone", "words"),
    [
        ("138****000", "不是完整的内容"),
        ("138＊＊＊＊0001", "不是完整的内容"),
        ("1380001", None),
        ("13800", "至少应有 7 位数字"),
        ("13805110002（家属）", None),
        ("138****0001", None),
        ("", None),
    ],
)
def test_a_mask_that_was_altered_is_refused_and_the_phone_stays(phone, words):
    laureate = make_laureate(phone="13805110001", org=make_org())
    form = LaureateRegister().form(user=make_user(), instance=laureate)
    data = {bound.html_name: bound.value() or "" for bound in form if bound.name != "photo"}
    again = Laureate.everything.get(pk=laureate.pk)
    posted = LaureateRegister().form(data | {"phone": phone}, user=make_user(), instance=again)
    assert posted.is_valid() == (words is None)
    assert words is None or words in posted.errors["phone"][0]


def test_search_finds_name_initials_and_unit():
    laureate = make_laureate(name="单小红", org=make_org(name="悦达纺织"))
    make_laureate(name="王芳")
    for text in ("小红", "sxh", "SXH", "悦达", "ydfz"):
        assert list(Laureate.everything.search(text)) == [laureate], text


def test_good_standing_leaves_out_the_dead_the_gone_and_the_stripped():
    fine = make_laureate()
    make_laureate(status=LaureateStatus.DEAD)
    make_laureate(status=LaureateStatus.MOVED_AWAY)
    make_laureate(status=LaureateStatus.REVOKED)
    stripped, partly = make_laureate(), make_laureate()
    revoked = {"revoked": True, "revoked_on": "2024", "revoked_reason": "受刑事处罚"}
    make_honour(laureate=stripped, **revoked)
    make_honour(laureate=partly, **revoked)
    make_honour(laureate=partly)
    assert set(Laureate.everything.in_good_standing()) == {fine, partly}
    assert Laureate.everything.living().count() == 5


def test_with_honour_knows_kind_level_and_force():
    holder = make_laureate()
    make_honour(laureate=holder)
    former = make_laureate()
    make_honour(laureate=former, revoked=True, revoked_on="2024", revoked_reason="弄虚作假")
    assert list(Laureate.everything.with_honour(level="L3")) == [holder]
    assert not Laureate.everything.with_honour(kind="craft").exists()


def picture(kind="PNG", size=(300, 400)):
    out = BytesIO()
    Image.new("RGB", size, "red").save(out, kind)
    return out.getvalue()


def test_photo_is_kept_as_a_fresh_jpeg():
    laureate = make_laureate()
    laureate.photo.save("我的照片.png", ContentFile(picture() + b"trailing secret"))
    with laureate.photo.open() as file:
        content = file.read()
    assert content.startswith(b"\xff\xd8\xff")
    assert b"secret" not in content
    assert laureate.photo.name.endswith(".jpg")


def test_photo_that_is_none_or_too_large_is_refused():
    for content in (b"<svg onload=alert(1)>", picture("GIF"), picture(size=(9000, 9000))):
        laureate = new_laureate(photo=ContentFile(content, name="photo.png"))
        assert "photo" in problems_of(laureate)

"""Erasing a person's data: what goes, what stays, who may, what the trail keeps, what no longer comes back."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from io import BytesIO, StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from PIL import Image

from actions.models import Worker
from models_app.models import Consent, Laureate
from mofu.accounts.models import TrailEntry
from mofu.registers import attachments, unmerging
from mofu.registers.merging import merge
from mofu.registers.models import Attachment, Merge
from tests.makers import made_id_number, make_consent, make_honour, make_laureate, make_worker
from tests.operations.installations import on_sqlite

FORM = {"reason": "本人2026年3月1日书面申请", "name": "仇英"}


def erase(client, person, **changed):
    """Open the page and send its form."""
    page = client.get(f"/laureates/{person.pk}/erase/")
    seen = page.context["seen"] if page.status_code == 200 else ""
    return client.post(f"/laureates/{person.pk}/erase/", FORM | {"seen": seen} | changed)


def portrait():
    out = BytesIO()
    Image.new("RGB", (30, 40)).save(out, "JPEG")
    return SimpleUploadedFile("me.jpg", out.getvalue())


@pytest.fixture
def person(cast):
    found = make_laureate(
        org=cast.dongtai, name="仇英", id_number=made_id_number(), phone="13900001234", ethnicity="汉族",
        native_place="江苏东台", education="college", deeds="攻关", note="患病", photo=portrait(),
    )  # fmt: skip
    make_honour(laureate=found)
    consent = make_consent(laureate=found)
    attachments.keep(SimpleUploadedFile("授权书.pdf", b"%PDF-1.4 x"), consent, cast.city)
    make_worker(org=cast.dongtai, name="仇英", phone="13900001234", laureate=found)
    return found


def test_what_identifies_goes_and_the_honour_stays(
    person, cast, signed_in, django_capture_on_commit_callbacks
):
    number, photo, scan = person.id_number, person.photo.name, Attachment.objects.get().file.name
    client = signed_in(cast.city)
    asked = client.get(f"/laureates/{person.pk}/erase/").content.decode()
    for words in ("身份证号", "授权书扫描件", "备份", "荣誉"):
        assert words in asked
    with django_capture_on_commit_callbacks(execute=True):
        assert erase(client, person).status_code == 302
    erased = Laureate.everything.get(pk=person.pk)
    for name in Laureate.erased_fields:
        assert not getattr(erased, name), name
    assert erased.id_number_hash is None
    assert (erased.name, str(erased.birth_date), erased.deeds, erased.honours.count()) == (
        "仇英",
        "1975",
        "攻关",
        1,
    )
    assert Worker.everything.get(laureate=erased).phone == ""
    assert Consent.everything.filter(laureate=erased).count() == 1
    assert not default_storage.exists(photo)
    assert not default_storage.exists(scan)
    page = client.get(f"/laureates/{person.pk}/").content.decode()
    assert "按申请删除" in page
    entries = TrailEntry.objects.filter(action="erased")
    assert entries.count() == 2
    for entry in TrailEntry.objects.all():
        assert number not in f"{entry.reason}{entry.changes}"
    assert "患病" not in "".join(f"{entry.reason}{entry.changes}" for entry in entries)


@pytest.mark.parametrize("change", [{"reason": ""}, {"reason": "申请"}, {"name": "别人"}, {"name": ""}])
def test_nothing_goes_without_reason_and_name(person, cast, signed_in, change):
    assert erase(signed_in(cast.city), person, **change).status_code == 422
    assert Laureate.everything.get(pk=person.pk).phone == "13900001234"


def test_only_the_citys_staff(person, cast, signed_in):
    for user in (cast.county, cast.leader, cast.admin, cast.auditor):
        client = signed_in(user)
        assert client.get(f"/laureates/{person.pk}/erase/").status_code == 403
        assert erase(client, person).status_code == 403
    assert "删除个人信息" not in signed_in(cast.county).get(f"/laureates/{person.pk}/").content.decode()
    assert Laureate.everything.get(pk=person.pk).phone


def test_erased_numbers_are_not_entered_again(person, cast, signed_in):
    erase(signed_in(cast.city), person)
    erased = Laureate.everything.get(pk=person.pk)
    erased.phone = "13900005678"
    with pytest.raises(ValidationError, match="按申请删除"):
        erased.full_clean()
    assert erase(signed_in(cast.city), person).status_code == 422


def test_a_page_opened_before_a_change_erases_nothing(person, cast, signed_in):
    client = signed_in(cast.city)
    seen = client.get(f"/laureates/{person.pk}/erase/").context["seen"]
    person.position = "班长"
    person.save()
    assert client.post(f"/laureates/{person.pk}/erase/", FORM | {"seen": seen}).status_code == 409
    assert Laureate.everything.get(pk=person.pk).phone


def test_the_loser_of_a_merge_goes_as_well(cast, signed_in):
    winner = make_laureate(org=cast.dongtai, name="仇英", phone="13900001234")
    done = merge(
        winner=winner,
        loser=make_laureate(org=cast.dongtai, phone="13900005678"),
        taken=[],
        reason="重复",
        user=cast.city,
    )
    erase(signed_in(cast.city), winner)
    kept = Merge.objects.get(pk=done.pk)
    assert bytes(kept.payload) == b""
    with pytest.raises(unmerging.UndoError, match="不能再撤销"):
        unmerging.undo(kept, cast.city)


def test_what_was_merged_into_the_persons_other_row_goes_as_well(person, cast, signed_in):
    worker = Worker.everything.get(laureate=person)
    twin = make_worker(org=cast.dongtai, phone="13900005678")
    done = merge(winner=worker, loser=twin, taken=[], reason="重复", user=cast.city)
    erase(signed_in(cast.city), person)
    assert bytes(Merge.objects.get(pk=done.pk).payload) == b""


def test_the_command_shows_first(person):
    out = StringIO()
    call_command("erase_person", "laureates", person.pk, reason="本人书面申请", stdout=out)
    assert "没有改动" in out.getvalue()
    assert Laureate.everything.get(pk=person.pk).phone
    call_command("erase_person", "laureates", person.pk, "--yes", reason="本人书面申请", stdout=out)
    assert not Laureate.everything.get(pk=person.pk).phone
    assert TrailEntry.objects.filter(action="erased", actor_name="erase_person").count() == 2
    for words in (("laureates", person.pk), ("honours", person.pk), ("laureates", 0)):
        with pytest.raises(CommandError):
            call_command("erase_person", *words, "--yes", reason="本人书面申请", stdout=out)


def test_what_stood_there_before_is_no_longer_in_the_history(person, cast, signed_in):
    person.native_place = "江苏大丰"
    person.save()
    history = f"/laureates/{person.pk}/history/"
    assert "江苏大丰" in signed_in(cast.county).get(history).content.decode()
    erase(signed_in(cast.city), person)
    for user in (cast.city, cast.county, cast.leader):
        assert "江苏大丰" not in signed_in(user).get(history).content.decode()


def test_the_command_says_which_key_is_missing(person, settings):
    settings.FIELD_KEYS = {"new": b"n" * 32}
    with pytest.raises(CommandError, match="缺少密钥 'dev'，请把它加回 FIELD_KEYS"):
        call_command("erase_person", "laureates", person.pk, reason="本人书面申请")


_PERSON = """
import django; django.setup()
from datetime import timedelta
from django.contrib.sessions.models import Session
from django.utils import timezone
from tests.makers import make_laureate
Session.objects.create(session_key="old", session_data="device-of-tangyin", expire_date=timezone.now() - timedelta(days=1))
person = make_laureate(name="仇英")
type(person).everything.filter(pk=person.pk).update(note="fell-ill-in-spring " * 400)  # past the trail, which is kept
print(person.pk)
"""


def test_nothing_erased_or_purged_stays_in_the_files_of_the_database(tmp_path):
    place = on_sqlite(tmp_path)
    place.done("migrate", "-v0")
    with closing(sqlite3.connect(tmp_path / "db.sqlite3")) as other:  # with its last user the log would go
        other.execute("SELECT count(*) FROM accounts_user").fetchone()
        made = place.python("-c", _PERSON, DJANGO_SETTINGS_MODULE="mofu.settings")
        assert made.returncode == 0, made.stderr

        def found(words):
            # Not in this process: closing a file lets go of the locks that ``other`` has on it.
            grep = ["/usr/bin/grep", "-l", words, *map(str, tmp_path.glob("db.sqlite3*"))]
            return subprocess.run(grep, capture_output=True, text=True, check=False).stdout.split()

        assert found("fell-ill-in-spring")
        assert found("device-of-tangyin")
        place.done("erase_person", "laureates", made.stdout.strip(), "--reason", "本人书面申请", "--yes")
        assert found("fell-ill-in-spring") == []
        place.done("purge", "--yes")
        assert found("device-of-tangyin") == []
        assert (tmp_path / "db.sqlite3-wal").stat().st_size == 0

"""Erasing a person's data: what goes, what stays, who may, what the trail keeps, what no longer comes back."""

from __future__ import annotations

import json
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
from models_app import erasing
from models_app.models import Consent, Laureate
from mofu.accounts import trail
from mofu.accounts.models import TrailEntry
from mofu.registers import attachments, unmerging
from mofu.registers.merging import MergeError, merge
from mofu.registers.models import Attachment, Merge
from mofu.registers.partial_dates import PartialDate
from mofu.registers.register import REGISTERS
from mofu.registers.sheets import committing, undoing
from mofu.registers.sheets.reading import read
from tests.makers import made_id_number, make_consent, make_honour, make_laureate, make_org, make_worker
from tests.operations.installations import on_sqlite
from tests.registers.sent_forms import sent
from tests.registers.sheets_of import workbook_bytes

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


VALUES = {
    "id_number": made_id_number(), "phone": "13900005678", "note": "患病", "ethnicity": "汉族", "native_place": "江苏东台",
    "political_status": "01", "education": "college", "joined_work": PartialDate("1995"),
    "birth_date": PartialDate("1975-03-12"), "photo": "photos/a.jpg",
}  # fmt: skip


def test_every_field_that_is_emptied_is_tried():
    assert VALUES.keys() == {*Laureate.erased_fields, "birth_date"}


@pytest.mark.parametrize("name", VALUES)
def test_what_was_erased_is_not_entered_again(person, cast, signed_in, name):
    erase(signed_in(cast.city), person)
    erased = Laureate.everything.get(pk=person.pk)
    setattr(erased, name, VALUES[name])
    with pytest.raises(ValidationError, match="按申请删除") as refused:
        erased.full_clean()
    assert list(refused.value.error_dict) == [name]


def test_a_page_opened_before_an_erasure_brings_nothing_back(person, cast, signed_in):
    client = signed_in(cast.city)
    form = sent(client.get(f"/laureates/{person.pk}/edit/"))
    erase(client, person)
    stale = client.post(f"/laureates/{person.pk}/edit/", form)
    assert stale.status_code == 409
    again = form | {"seen": stale.context["seen"], "id_number": "", "phone": ""}
    refused = client.post(f"/laureates/{person.pk}/edit/", again)
    assert refused.status_code == 422
    assert {"native_place", "ethnicity", "note", "birth_date"} <= refused.context["form"].errors.keys()
    erased = Laureate.everything.get(pk=person.pk)
    assert (erased.native_place, erased.note, str(erased.birth_date)) == ("", "", "1975")
    page = client.get(f"/laureates/{person.pk}/edit/")
    assert client.post(f"/laureates/{person.pk}/edit/", sent(page) | {"position": "班长"}).status_code == 302


def test_an_import_brings_nothing_back(person, cast, signed_in):
    erase(signed_in(cast.city), person)
    unit = Laureate.everything.get(pk=person.pk).org.name
    rows = [["姓名", "工作单位", "出生日期", "籍贯", "职务"], ["仇英", unit, "1975", "江苏大丰", "班长"]]
    done = committing.commit(REGISTERS["laureates"], cast.city, read("表.xlsx", workbook_bytes(*rows)))
    assert "按申请删除" in str([problem.message for row in done.rows for problem in row.problems])
    rows = [[*row[:3], row[4]] for row in rows]
    committing.commit(REGISTERS["laureates"], cast.city, read("表.xlsx", workbook_bytes(*rows)))
    erased = Laureate.everything.get(pk=person.pk)
    assert (erased.native_place, erased.position) == ("", "班长")


def test_taking_an_earlier_import_back_brings_nothing_back(person, cast, signed_in):
    mark, label = trail.last_entry(), person._meta.label_lower
    erase(signed_in(cast.city), person)
    before = json.dumps({"order": [], "changed": {label: {person.pk: {"native_place": "江苏大丰"}}}}).encode()
    with pytest.raises(undoing.CannotUndo, match="导入后已被修改"):
        undoing.undo({label: {"changed": [person.pk]}}, before, mark, cast.city, "撤销导入")
    assert Laureate.everything.get(pk=person.pk).native_place == ""


def test_nothing_more_is_agreed_to_or_cared_for_after_an_erasure(person, cast, signed_in):
    client = signed_in(cast.city)
    erase(client, person)
    new = {"purpose": "sensitive", "notice_version": "1", "agreed_on": "2026-03-01", "form": "paper"}
    refused = client.post("/consents/new/", new | {"laureate": person.pk})
    assert refused.status_code == 422
    assert "按申请删除" in str(refused.context["form"].errors["laureate"])
    file = {"laureate": person.pk, "assessed_on": "2026-03-01", "hardship": "none"}
    refused = client.post("/care-files/new/", file)
    assert "按申请删除" in str(refused.context["form"].errors["laureate"])
    consent = Consent.everything.get(laureate=person)
    consent.withdrawn_on = None
    with pytest.raises(ValidationError, match="不能清空"):
        consent.full_clean()


def test_what_has_come_since_is_erased_as_well(person, cast, signed_in):
    client = signed_in(cast.city)
    erase(client, person)
    assert erase(client, person).status_code == 422  # there is nothing
    Laureate.everything.filter(pk=person.pk).update(native_place="江苏大丰", birth_date="1975-03-12")
    Worker.everything.filter(laureate=person).update(note="患病")
    page = client.get(f"/laureates/{person.pk}/erase/").content.decode()
    assert "此后又登记了下列信息" in page
    done = erase(client, person)
    assert done.status_code == 302
    assert "此后登记的个人信息：籍贯、出生日期" in client.get(done.url).content.decode()
    erased = Laureate.everything.get(pk=person.pk)
    assert (erased.native_place, str(erased.birth_date)) == ("", "1975")
    assert Worker.everything.get(laureate=person).note == ""
    assert TrailEntry.objects.filter(action="erased", reason__contains="籍贯").count() == 2
    with pytest.raises(CommandError, match="此后没有"):
        call_command("erase_person", "laureates", person.pk, reason="本人书面申请")
    Laureate.everything.filter(pk=person.pk).update(note="患病")
    call_command("erase_person", "laureates", person.pk, "--yes", reason="本人书面申请", stdout=StringIO())
    assert Laureate.everything.get(pk=person.pk).note == ""


def test_the_history_starts_anew_with_the_last_erasure(person, cast, signed_in):
    client = signed_in(cast.city)
    erase(client, person)
    person.refresh_from_db()
    person.native_place = "江苏大丰"
    person.save()
    erase(client, person)
    history = client.get(f"/laureates/{person.pk}/history/").content.decode()
    assert "江苏大丰" not in history


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


def pair_of(cast, **values):
    """Return two rows of one person, the second with a phone of its own."""
    return (
        make_laureate(org=cast.dongtai, name="仇英", birth_date="1970-05-01", **values),
        make_laureate(org=cast.sheyang, name="仇英", birth_date="1970-05-01", phone="13800001111"),
    )


def merged(user, winner, loser, **values):
    return merge(**{"winner": winner, "loser": loser, "taken": [], "reason": "重复", "user": user} | values)


def announced(person):
    found = dict(erasing.erasure_of(person).goes)
    return found.get("合并记录中封存的原值（此后不能撤销合并）", "0")


def test_what_went_into_the_person_by_way_of_another_goes_as_well(cast, signed_in):
    last, first = pair_of(cast)
    between = make_laureate(org=cast.dongtai, name="仇英二")
    done = [merged(cast.city, between, first), merged(cast.city, last, between)]
    assert announced(last).startswith("2 份")
    erase(signed_in(cast.city), last)
    assert not Merge.objects.filter(pk__in=[one.pk for one in done]).exclude(payload=b"").exists()


def test_what_went_along_with_a_merge_of_units_goes_as_well(cast, signed_in):
    first, second = (make_org(parent=cast.dongtai, kind="enterprise", name=name) for name in ("甲厂", "乙厂"))
    kept, twin = pair_of(cast)
    other = make_laureate(org=second)
    for row, org in ((kept, first), (twin, second)):
        row.org = org
        row.save()
    own = make_laureate(org=second, name="仇英三", phone="13800002222")
    before = merged(cast.city, twin, own)
    apart = merged(cast.city, make_laureate(org=cast.sheyang), make_laureate(org=cast.sheyang))
    agreed = [("laureates", *sorted((kept.pk, twin.pk)))]
    done = merged(cast.city, first, second, agreed=agreed)
    assert announced(kept).startswith("2 份")
    erase(signed_in(cast.city), kept)
    left = Merge.objects.exclude(payload=b"")
    assert {one.pk for one in left} == {apart.pk}
    assert {before.pk, done.pk} <= {one.pk for one in Merge.objects.filter(payload=b"")}
    assert Laureate.everything.get(pk=other.pk).org == first


def test_what_a_merge_that_was_taken_back_kept_goes_as_well(cast, signed_in):
    one, other = pair_of(cast)
    done = merged(cast.city, one, other)
    unmerging.undo(done, cast.city)
    erase(signed_in(cast.city), one)
    assert bytes(Merge.objects.get(pk=done.pk).payload) == b""
    assert Laureate.everything.get(pk=other.pk).phone == "13800001111"


@pytest.mark.parametrize("gone", [0, 1])
def test_somebody_erased_is_not_merged_with_somebody_who_is_not(cast, signed_in, gone):
    pair = pair_of(cast)
    erase(signed_in(cast.city), pair[gone])
    pair = [Laureate.everything.get(pk=one.pk) for one in pair]
    with pytest.raises(MergeError, match="按申请删除"):
        merged(cast.city, *pair)
    page = signed_in(cast.city).get(f"/duplicates/laureates/{pair[0].pk}/{pair[1].pk}/").content.decode()
    assert "办理“删除个人信息”" in page.replace("&quot;", "")
    erase(signed_in(cast.city), pair[1 - gone])
    pair = [Laureate.everything.get(pk=one.pk) for one in pair]
    merged(cast.city, *pair)
    assert Laureate.everything.get(pk=pair[0].pk).erased_on


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

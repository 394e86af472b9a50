"""Care files: only with separate consent, only for named staff, encrypted, masked, revealed for a purpose, erased."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from openpyxl import load_workbook

from models_app.models import CareFile
from mofu.accounts import trail
from mofu.accounts.models import TrailEntry, User
from mofu.accounts.policy import NAMED_ONLY, Use, may_use
from mofu.entrance import factor
from mofu.registers import attachments, merging
from mofu.registers.masks import ON_FILE
from mofu.registers.models import Attachment, Job, JobState
from mofu.registers.sheets import undoing
from tests.entrance.visitors import confirmed
from tests.makers import make_care_file, make_consent, make_laureate
from tests.registers.sent_forms import sent

ACCOUNT = "6228480123456789012"
ILLNESS = "HIV"  # the shortest of texts, and in letters: nothing of it may be taken for a number
SECRETS = (ACCOUNT, ILLNESS, "家属长期住院")
KEPT = {
    "health": "serious", "illness": ILLNESS, "hardship": "illness", "hardship_note": "家属长期住院",
    "bank_name": "江苏银行", "bank_account": ACCOUNT,
}  # fmt: skip


@pytest.fixture
def person(cast):
    return make_laureate(org=cast.dongtai, name="仇英")


@pytest.fixture
def file(person):
    return make_care_file(laureate=person, **KEPT)


def form_of(person, **values):
    return {"laureate": person.pk, "assessed_on": "2026-03-01", "hardship": "none", **values}


def test_a_file_needs_separate_consent(person, cast, signed_in):
    client = signed_in(cast.county)
    refused = client.post("/care-files/new/", form_of(person))
    assert refused.status_code == 422
    assert "单独同意" in refused.content.decode()
    consent = make_consent(laureate=person, purpose="sensitive")
    assert client.post("/care-files/new/", form_of(person)).status_code == 302
    consent.withdrawn_on = date(2026, 1, 1)
    consent.save()
    with pytest.raises(ValidationError, match="单独同意"):
        CareFile.everything.get().full_clean()


def test_there_is_one_file_per_laureate(file, person):
    with pytest.raises(ValidationError, match="已建关爱档案"):
        CareFile(laureate=person, assessed_on=date(2026, 3, 1)).full_clean()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"bank_account": "1234", "bank_name": "江苏银行"}, "8 至 30 位"),
        ({"bank_account": ACCOUNT}, "开户行"),
        ({"hardship_note": "困难"}, "困难类别"),
    ],
)
def test_what_does_not_fit_is_said(person, values, words):
    make_consent(laureate=person, purpose="sensitive")
    with pytest.raises(ValidationError, match=words):
        CareFile(laureate=person, assessed_on=date(2026, 3, 1), **values).full_clean()


def test_spaces_in_an_account_are_no_part_of_it(person):
    make_consent(laureate=person, purpose="sensitive")
    spaced = "６２２８ 4801-2345 6789 012"
    file = CareFile(laureate=person, assessed_on=date(2026, 3, 1), bank_name="江苏银行", bank_account=spaced)
    file.full_clean()
    assert file.bank_account == ACCOUNT


def test_the_right_to_laureates_is_not_enough(file, person, cast, signed_in):
    User.objects.filter(pk=cast.county.pk).update(handles_care=False)
    for user in (cast.county, cast.leader, cast.admin):
        client = signed_in(user)
        assert client.get("/care-files/").status_code == 403
        assert client.get(f"/care-files/{file.pk}/").status_code == 403
        assert "关爱档案" not in client.get(f"/laureates/{person.pk}/").content.decode()
    assert signed_in(cast.other).get(f"/care-files/{file.pk}/").status_code == 404
    assert "关爱档案" in signed_in(cast.city).get(f"/laureates/{person.pk}/").content.decode()


def test_files_made_while_one_handled_care_go_with_the_name_for_it(cast, signed_in):
    job = Job.objects.create(kind="export", title="关爱档案", owner=cast.county, state=JobState.DONE)
    client = signed_in(cast.county)
    assert client.get(f"/jobs/{job.pk}/").status_code == 200
    cast.county.handles_care = False
    cast.county.save()
    assert client.get(f"/jobs/{job.pk}/").status_code == 404


@pytest.mark.parametrize("data", NAMED_ONLY)
def test_a_named_leader_or_administrator_sees_nothing_either(cast, data):
    for user in (cast.leader, cast.admin, cast.auditor):
        user.handles_care = True
        assert not any(may_use(user, use, data) for use in Use)


def test_an_administrator_names_who_handles_care_and_the_trail_says_so(cast):
    cast.county.handles_care = False
    cast.county.save()
    form = {
        "username": "county", "name": "东台李四", "organization": cast.dongtai.pk, "role": "county", "handles_care": "on",
        "why": "接手关爱工作",
    }  # fmt: skip
    assert confirmed(cast.admin).post(f"/accounts/{cast.county.pk}/edit/", form).status_code == 302
    cast.county.refresh_from_db()
    assert cast.county.handles_care
    assert any("handles_care" in entry.changes for entry in TrailEntry.objects.all())


def test_no_surface_shows_what_is_secret(file, cast, signed_in):
    client = signed_in(cast.city)
    page = client.get(f"/care-files/{file.pk}/edit/")
    again = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    client.post(
        f"/care-files/{file.pk}/edit/", again | {"seen": page.context["seen"], "bank_name": "农业银行"}
    )
    file.refresh_from_db()
    assert (file.bank_name, file.illness, file.bank_account) == ("农业银行", ILLNESS, ACCOUNT)
    for page in ("", "edit/", "history/", "delete/"):
        text = client.get(f"/care-files/{file.pk}/{page}").content.decode()
        assert not any(secret in text for secret in SECRETS), page
    assert "622848*********9012" in client.get(f"/care-files/{file.pk}/").content.decode()
    assert not any(secret in client.get("/care-files/").content.decode() for secret in SECRETS)
    assert not any(secret in str(entry.changes) for entry in TrailEntry.objects.all() for secret in SECRETS)


def sent_back(client, file, **typed):
    """Send the form of the file again with what was typed over it; return the response."""
    page = client.get(f"/care-files/{file.pk}/edit/")
    form = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    return client.post(f"/care-files/{file.pk}/edit/", form | {"seen": page.context["seen"]} | typed)


@pytest.mark.parametrize(
    ("name", "typed"),
    [("illness", f"{ON_FILE}，另有糖尿病"), ("bank_account", "622848****9012"), ("bank_account", "＊＊＊＊")],
)
def test_what_stands_for_a_secret_is_never_kept_in_its_place(file, cast, signed_in, name, typed):
    refused = sent_back(signed_in(cast.city), file, **{name: typed})
    assert refused.status_code == 422
    assert "不是完整的内容" in refused.content.decode()
    file.refresh_from_db()
    assert (file.illness, file.bank_account) == (ILLNESS, ACCOUNT)


def test_what_stood_for_a_text_that_somebody_emptied_is_empty(file, cast, signed_in):
    assert sent_back(signed_in(cast.city), file, illness="").status_code == 302
    assert sent_back(signed_in(cast.city), file, illness=ON_FILE, bank_name="农业银行").status_code == 302
    file.refresh_from_db()
    assert (file.illness, file.bank_name) == ("", "农业银行")


def exported(client, **choice):
    form = {"columns": "all", "style": "strict", **choice}
    book = load_workbook(BytesIO(b"".join(client.post("/care-files/export/", form).streaming_content)))
    return str([[cell.value for cell in row] for row in book.active.iter_rows()])


def test_a_stale_form_shows_both_versions_of_what_the_page_shows(file, cast, signed_in):
    client = signed_in(cast.city)
    page = client.get(f"/care-files/{file.pk}/edit/")
    sent = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    sent["seen"] = page.context["seen"]
    client.post(f"/care-files/{file.pk}/edit/", sent | {"bank_name": "农业银行", "bank_account": "1" * 16})
    stale = client.post(
        f"/care-files/{file.pk}/edit/", sent | {"bank_name": "工商银行", "bank_account": "2" * 16}
    )
    shown = {one.label: (one.now, one.mine) for one in stale.context["conflict"].fields}
    assert stale.status_code == 409
    assert shown["开户行"] == ("农业银行", "工商银行")
    assert shown["银行账号"] == ("111111******1111", "222222******2222")


def test_only_the_city_takes_accounts_out_and_nobody_an_illness(file, cast, signed_in):
    full = {"full": "on", "purpose": "春节慰问金发放"}
    text = exported(signed_in(cast.city), **full)
    assert ACCOUNT in text
    assert "家属长期住院" in text
    assert ILLNESS not in text
    assert ACCOUNT not in exported(signed_in(cast.city))
    assert not any(secret in exported(signed_in(cast.county), **full) for secret in SECRETS)


def test_revealing_asks_what_for_and_leaves_an_entry(file, cast, signed_in):
    client = signed_in(cast.county)
    asked = {"field": "illness", "ask": "1", "purpose": "benefit"}
    assert ILLNESS in client.post(f"/care-files/{file.pk}/reveal/", asked).content.decode()
    entry = TrailEntry.objects.filter(action="revealed").get()
    assert "疾病说明" in entry.reason
    refused = client.post(f"/care-files/{file.pk}/reveal/", asked | {"field": "bank_account"})
    assert refused.status_code == 403  # the city pays benefits out


def test_nothing_secret_lies_open_in_the_database(file):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {CareFile._meta.db_table}")
        stored = str(cursor.fetchall())
    assert not any(secret in stored for secret in (*SECRETS, "serious"))


@pytest.fixture
def withdrawn(file):
    """A file whose consent was withdrawn forty days ago."""
    consent = file.laureate.consents.get(purpose="sensitive")
    consent.withdrawn_on = timezone.localdate() - timedelta(days=40)
    consent.save()
    return file


def test_a_withdrawn_consent_closes_the_file_everywhere(withdrawn, person, cast, signed_in):
    client = signed_in(cast.city)
    assert "仇英" not in client.get("/care-files/").content.decode()
    for page in ("", "edit/", "history/", "delete/"):
        assert client.get(f"/care-files/{withdrawn.pk}/{page}").status_code == 404, page
    asked = {"field": "illness", "ask": "1", "purpose": "benefit"}
    assert client.post(f"/care-files/{withdrawn.pk}/reveal/", asked).status_code == 404
    assert ACCOUNT not in exported(client, full="on", purpose="春节慰问金发放")
    assert "已封存" in client.get(f"/laureates/{person.pk}/").content.decode()


def test_a_closed_file_is_removed_after_its_term_with_its_papers(withdrawn, cast, settings):
    attachments.keep(SimpleUploadedFile("病历.pdf", b"%PDF-1.4 x"), withdrawn, cast.city)
    other = make_care_file(laureate=make_laureate(org=cast.dongtai))
    settings.RETENTION_DAYS = settings.RETENTION_DAYS | {"withdrawn": 50}
    call_command("purge", "--yes", verbosity=0, stdout=StringIO())
    assert CareFile.everything.count() == 2
    settings.RETENTION_DAYS = settings.RETENTION_DAYS | {"withdrawn": 30}
    call_command("purge", "--yes", verbosity=0, stdout=StringIO())
    assert list(CareFile.everything.all()) == [other]
    assert not Attachment.objects.exists()


def test_a_file_stays_with_the_person_it_is_about(file, cast, signed_in):
    other = make_laureate(org=cast.dongtai, name="姚虎臣")
    make_consent(laureate=other, purpose="sensitive")
    client = signed_in(cast.county)
    seen = client.get(f"/care-files/{file.pk}/edit/").context["seen"]
    client.post(f"/care-files/{file.pk}/edit/", form_of(other, seen=seen))
    file.refresh_from_db()
    assert file.laureate.name == "仇英"


def test_the_consent_under_a_file_is_not_deleted(file, cast, signed_in):
    consent = file.laureate.consents.get(purpose="sensitive")
    client = signed_in(cast.city)
    seen = client.get(f"/consents/{consent.pk}/delete/").context.get("seen", "")
    assert "不能删除" in client.get(f"/consents/{consent.pk}/delete/").content.decode()
    client.post(f"/consents/{consent.pk}/delete/", {"seen": seen})
    assert file.laureate.consents.filter(pk=consent.pk).exists()


@pytest.mark.parametrize("field", ["purpose", "laureate"])
def test_the_consent_under_a_file_is_not_turned_into_another(file, cast, signed_in, field):
    consent = file.laureate.consents.get(purpose="sensitive")
    changed = {"purpose": "archive", "laureate": make_laureate(org=cast.dongtai).pk}[field]
    client = signed_in(cast.city)
    page = client.get(f"/consents/{consent.pk}/edit/")
    refused = client.post(f"/consents/{consent.pk}/edit/", sent(page) | {field: changed})
    assert refused.status_code == 422
    assert "请填写撤回日期" in str(refused.context["form"].errors[field])
    assert list(CareFile.everything.agreed()) == [file]
    withdrawn = sent(page) | {"withdrawn_on": timezone.localdate().isoformat()}
    assert client.post(f"/consents/{consent.pk}/edit/", withdrawn).status_code == 302
    assert not CareFile.everything.agreed().exists()


def test_what_says_that_a_file_is_closed_stays_as_well(withdrawn):
    consent = withdrawn.laureate.consents.get(purpose="sensitive")
    consent.purpose = "archive"
    with pytest.raises(ValidationError, match="关爱档案"):
        consent.full_clean()


def test_a_consent_on_which_nothing_rests_may_be_corrected(person):
    consent = make_consent(laureate=person, purpose="sensitive")
    consent.purpose = "archive"
    consent.full_clean()


def test_only_a_recorded_withdrawal_removes_a_file(file):
    file.laureate.consents.all().delete()
    call_command("purge", "--yes", verbosity=0, stdout=StringIO())
    assert list(CareFile.everything.all()) == [file]


def test_an_import_is_not_taken_back_from_under_a_file(person, cast):
    consent = make_consent(laureate=person, purpose="sensitive")
    mark = trail.last_entry()
    make_care_file(laureate=person)
    label = consent._meta.label_lower
    before = json.dumps({"order": [label], "changed": {}}).encode()
    with pytest.raises(undoing.CannotUndo, match="关爱档案"), transaction.atomic():
        undoing.undo({label: {"new": [consent.pk]}}, before, mark, cast.city, "撤销导入")
    assert person.consents.exists()


def test_who_does_not_handle_care_neither_sees_nor_merges_files_away(file, person, cast):
    twin = make_laureate(org=cast.dongtai, name="仇英", birth_date="1970")
    kept = make_care_file(laureate=twin)
    titles = {hanging.title for hanging in merging.plan(person, twin, cast.county)}
    assert "关爱档案" in titles
    cast.county.handles_care = False
    cast.county.save()
    assert "关爱档案" not in {hanging.title for hanging in merging.plan(person, twin, cast.county)}
    with pytest.raises(merging.MergeError, match="无权办理"):
        merging.merge(winner=person, loser=twin, taken=[], reason="重复", user=cast.county)
    assert set(CareFile.everything.all()) == {file, kept}


def test_the_trail_names_nobody_who_has_a_file(file):
    entries = TrailEntry.objects.filter(model="models_app.carefile")
    assert entries.exists()
    assert not any("仇英" in f"{entry.object_label}{entry.changes}" for entry in entries)


def test_erasing_a_person_takes_the_file_and_its_consent(file, person, cast, signed_in):
    attachments.keep(SimpleUploadedFile("病历.pdf", b"%PDF-1.4 x"), file, cast.city)
    client = signed_in(cast.city)
    page = client.get(f"/laureates/{person.pk}/erase/")
    assert "关爱档案" in page.content.decode()
    sent = {"reason": "本人书面申请", "name": "仇英", "seen": page.context["seen"]}
    assert client.post(f"/laureates/{person.pk}/erase/", sent).status_code == 302
    assert not CareFile.everything.exists()
    assert not Attachment.objects.exists()
    assert not person.consents.in_force().exists()
    assert client.post("/care-files/new/", form_of(person)).status_code == 422


def test_who_handles_care_needs_a_second_factor(cast, settings):
    settings.SECOND_FACTOR_COMPULSORY = True
    assert factor.is_compulsory_for(cast.county)
    cast.county.handles_care = False
    assert not factor.is_compulsory_for(cast.county)

"""The demo: every noun, valid numbers, working accounts, the same rows for the same seed, never in production."""

from datetime import date
from io import BytesIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import models, transaction
from docx import Document
from openpyxl import load_workbook

from actions.demo import papers
from actions.demo.accounts import ACCOUNTS
from actions.demo.papers import Paper, write
from actions.demo.storing import told_apart
from actions.models import Academy, Membership, Mentorship, Studio, Target, Task, TeamKind, Worker
from models_app.models import Honour, Laureate, LaureateStatus
from mofu.accounts.models import Organization, TrailEntry, User
from mofu.registers import id_numbers
from mofu.registers.attachments import MEDIA_TYPES, media_type_of
from mofu.registers.models import Attachment
from mofu.registers.records import ReviewState

PASSWORD = "demo-test-2026"
TODAY = date(2025, 11, 20)
DERIVED = ("search", "name_key", "id_number_hash", "birth_date", "sex")
BOOKKEEPING = {
    "id",
    "created_at",
    "updated_at",
    "search",
    "path",
    "code",
    "password",
    "last_login",
    "date_joined",
    "at",
}


def load(laureates=30, **options):
    call_command("load_demo", laureates=laureates, today=TODAY, password=PASSWORD, verbosity=0, **options)


def domain_models():
    return [model for label in ("models_app", "actions") for model in apps.get_app_config(label).get_models()]


def contents():
    """Return what the records say, without keys (they go on after a rollback) and times of entry."""
    found = {}
    for model in [*domain_models(), Organization]:
        fields = [
            f.attname for f in model._meta.concrete_fields if not f.is_relation and f.name not in BOOKKEEPING
        ]
        found[model._meta.label] = list(model._base_manager.order_by("pk").values_list(*fields))
    return found


def contents_after_load(**options):
    with transaction.atomic():
        load(**options)
        found = contents()
        transaction.set_rollback(True)
    return found


@pytest.fixture
def demo(db):
    load()


def test_same_seed_makes_the_same_records(db):
    first = contents_after_load()
    assert first == contents_after_load()
    assert len(first["models_app.Laureate"]) == 30
    assert first != contents_after_load(seed=7)


def test_every_noun_is_there(demo):
    empty = {model.__name__ for model in domain_models() if not model._base_manager.exists()}
    assert empty == {
        "PaperSettings",
        "ReportDraft",
        "ReportEdit",
        "FrozenReport",
        "FrozenFile",
    }  # staff's own


def test_every_record_passes_its_own_checks(demo):
    for model in domain_models():
        for record in model._base_manager.all():
            record.full_clean()


@pytest.mark.parametrize("model", [Laureate, Worker])
def test_id_numbers_are_valid_and_nobodys(demo, model):
    numbers = [person.id_number for person in model.everything.exclude(id_number="")]
    assert numbers
    for number in numbers:
        id_numbers.validate(number)
        assert number.startswith("320999")
    assert len(numbers) == len(set(numbers))


def test_phones_are_nobodys_and_notes_say_demo(demo):
    for one in Laureate.everything.all():
        assert one.phone.startswith("1390000")
        assert "演示数据" in one.note


def test_rare_characters_are_in_the_register(demo):
    names = set(Laureate.everything.values_list("name", flat=True))
    assert {"刘䶮", "陈𣲗", "王㛃"} <= names


def test_stored_columns_are_those_of_save(demo):
    """Records stored many at once and saved one by one have the same texts in the same columns."""
    for model in domain_models():
        columns = [f.name for f in model._meta.concrete_fields if f.name in DERIVED]
        for record in model._base_manager.all()[:10] if columns else ():
            before = {name: getattr(record, name) for name in columns}
            record.save()
            stored = model._base_manager.values(*columns).get(pk=record.pk)
            assert stored == before, model


def test_counties_have_records_in_every_state(demo):
    states = set()
    for model in domain_models():
        if any(field.name == "review_state" for field in model._meta.fields):
            rows = model._base_manager.exclude(review_state=ReviewState.APPROVED)
            states |= set(rows.values_list("review_state", flat=True))
            assert not rows.filter(review_state=ReviewState.RETURNED, return_reason="").exists()
    assert states == {ReviewState.DRAFT, ReviewState.PENDING, ReviewState.RETURNED}


def test_one_honour_was_revoked_and_some_have_died(demo):
    revoked = Honour.everything.get(revoked=True)
    assert revoked.laureate.status == LaureateStatus.REVOKED
    assert revoked.laureate.status_changes.count() == 1
    dead = Laureate.everything.filter(status=LaureateStatus.DEAD)
    assert dead.exists()
    assert all(one.status_changes.exists() for one in dead)


def test_targets_of_the_boards_add_up_to_the_city(demo):
    city = Organization.everything.get(parent=None)
    for whole in Target.everything.filter(org=city):
        parts = Target.everything.filter(indicator=whole.indicator, year=whole.year).exclude(org=city)
        if parts.exists():
            assert parts.aggregate(sum=models.Sum("assigned"))["sum"] == whole.value


def test_tasks_have_steps_notes_and_some_are_done(demo):
    assert Task.everything.done().filter(year=2025).exists()
    assert Task.everything.unfinished().filter(year=2025).exists()
    assert not Task.everything.filter(steps=None).exists()
    assert Task.everything.filter(notes__isnull=False).exists()


def test_full_size_matches_the_programme(db):
    load(laureates=300)
    corps = Membership.everything.current(TODAY).of_kind(TeamKind.LECTURE)
    assert corps.count() == 48
    assert 250 <= Studio.everything.count() <= 350
    assert Mentorship.everything.running(TODAY).count() > 50


def test_all_demo_accounts_sign_in(demo, client):
    for account in ACCOUNTS:
        answer = client.post("/login/", {"login": account.username, "password": PASSWORD})
        assert answer.status_code == 302, account
        assert client.session["_auth_user_id"] == str(User.objects.get(username=account.username).pk)
        client.logout()


def test_accounts_belong_where_the_contract_says(demo):
    units = {user.username: user.organization.code for user in User.objects.all()}
    assert (units["county"], units["county2"]) == ("320981", "320924")
    city = Organization.everything.get(parent=None).code
    assert {units[name] for name in ("city", "leader", "auditor", "admin")} == {city}
    assert list(User.objects.filter(is_superuser=True).values_list("username", flat=True)) == ["admin"]


def test_demo_records_are_on_the_trail(demo):
    laureate = Laureate.everything.first()
    entry = TrailEntry.objects.get(model="models_app.laureate", object_id=str(laureate.pk))
    assert entry.actor_name == "load_demo"


def test_second_load_is_refused(demo):
    before = Laureate.everything.count()
    with pytest.raises(CommandError, match="已有劳模数据"):
        load()
    load(if_empty=True)
    assert Laureate.everything.count() == before


def test_no_demo_account_in_production(db, settings):
    settings.MOFU_ENV = "prod"
    with pytest.raises(CommandError, match="MOFU_ENV=dev"):
        load()
    assert not User.objects.exists()
    assert not Laureate.everything.exists()


def test_test_environment_needs_a_password(db):
    with pytest.raises(CommandError):
        call_command("load_demo", laureates=30)


def evidence():
    """Return each file's record type, name and checksum."""
    rows = Attachment.objects.order_by("pk").values_list("content_type__model", "name", "sha256")
    return [tuple(row) for row in rows]


def test_evidence_of_every_kind_is_kept_as_staff_would_upload_it(demo):
    files = list(Attachment.objects.select_related("uploaded_by"))
    assert {file.content_type.model for file in files} == {"event", "assistance", "studio", "task"}
    for file in files:
        with file.file.open("rb") as stored:
            assert media_type_of(stored) == file.media_type
        assert "演示数据" in file.name
        assert file.uploaded_by.username in {"city", "county", "county2"}


def test_same_seed_makes_the_same_evidence(db):
    def loaded(**options):
        with transaction.atomic():
            load(**options)
            found = evidence()
            transaction.set_rollback(True)
        return found

    first = loaded()
    assert first == loaded()
    assert first != loaded(seed=7)


def test_a_paper_is_the_same_and_marked_in_every_kind(db):
    paper = Paper("活动签到表", TODAY, "东台市", [("活动", "进车间宣讲")], ["赵一", "钱二"])
    for suffix in ("png", "pdf", "docx", "xlsx"):
        body = write(paper, suffix)
        assert body == write(paper, suffix)
        assert media_type_of(BytesIO(body)) == MEDIA_TYPES[suffix]
        assert len(body) < 100_000
    text = "\n".join(one.text for one in Document(BytesIO(write(paper, "docx"))).paragraphs)
    assert "演示数据" in text
    assert "进车间宣讲" in text
    cells = str(list(load_workbook(BytesIO(write(paper, "xlsx"))).active.values))
    assert "演示数据" in cells
    assert "钱二" in cells


def test_without_the_chinese_font_evidence_is_written_as_letters(db, monkeypatch):
    monkeypatch.setattr(papers, "_FONT", "nowhere.ttf")
    load()
    kinds = {name.rpartition(".")[2] for _, name, _ in evidence()}
    assert kinds <= {"docx", "xlsx"}


def test_of_what_chance_made_twice_the_first_stays():
    first, again, other = (
        Academy(name=name, host=host) for name, host in (("甲", "一"), ("丙", "二"), ("乙", "三"))
    )
    assert told_apart([first, again, other], "name") == [first, again, other]
    again.name = first.name
    assert [one.host for one in told_apart([first, again, other], "name")] == ["一", "三"]

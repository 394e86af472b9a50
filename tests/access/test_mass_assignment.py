"""Whatever a page sends besides its own fields changes nothing: every other field of the model is sent along."""

from __future__ import annotations

import pytest
from django.db import models, transaction
from django.utils import timezone

from actions.models import PaperSettings, ReportDraft
from actions.views.reports.forms import DraftForm, PaperSettingsForm
from mofu.accounts.models import Role, User
from mofu.entrance.forms import AccountForm
from mofu.registers.models import SavedView
from mofu.registers.register import REGISTERS
from mofu.registers.sheets import committing
from mofu.registers.sheets.answers import Answers
from mofu.registers.sheets.columns import columns_of, form_for
from mofu.registers.sheets.reading import read
from mofu.registers.sheets.texts import head_key
from tests.entrance.visitors import confirmed
from tests.makers import make_report_draft, make_user
from tests.registers.sent_forms import sent
from tests.registers.sheets_of import workbook_bytes
from tests.specimens import specimen

MOVES = ("updated_at", "edited_at")  # change with every save
WRONG = {
    models.BooleanField: "on", models.DateField: "1999-01-01", models.DateTimeField: "1999-01-01 00:00:00",
    models.PositiveSmallIntegerField: "77", models.PositiveIntegerField: "77", models.JSONField: '{"x": 1}',
}  # fmt: skip


def unasked(model, form_names, cast):
    """Return a value for every field of the model that is not on the form, under each name it could be sent by."""
    foreign = {User: cast.admin.pk, type(cast.sheyang): cast.sheyang.pk}
    found = {
        "is_superuser": "on",
        "is_staff": "on",
        "role": "admin",
        "groups": "1",
        "review_state": "approved",
    }
    for field in model._meta.concrete_fields:
        if field.is_relation:
            value = foreign.get(field.related_model, "1")
        elif field.choices:
            value = {"review_state": "approved", "role": "admin"}.get(field.name, field.flatchoices[-1][0])
        else:
            value = WRONG.get(type(field), "9" if isinstance(field, models.IntegerField) else "篡改")
        found |= {field.name: value, field.attname: value}
    return {name: value for name, value in found.items() if name not in form_names and name != "id"}


def stored(record):
    """Return what is stored of a record but what every save moves."""
    rows = type(record)._base_manager.filter(pk=record.pk).values()
    return {name: value for name, value in rows.get().items() if name not in MOVES}


def outcome(client, address, data, records):
    """Return what saving a form leaves of ``records()``, and take it back."""
    with transaction.atomic():
        answer = client.post(address, data)
        assert answer.status_code == 302, (address, answer.status_code)
        found = [stored(record) for record in records()]
        transaction.set_rollback(True)
    return found


@pytest.fixture
def steady(monkeypatch):
    """Let no time pass between two saves."""
    now = timezone.now()
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.mark.parametrize("slug", list(REGISTERS))
def test_editing_a_record_takes_nothing_but_its_form(slug, cast, signed_in, steady):
    register = REGISTERS[slug]
    record = specimen(slug, cast.dongtai)
    for user in [cast.city] if register.city_only else [cast.county, cast.city]:
        client, address = signed_in(user), register.url("edit", record.pk)
        page = client.get(address)
        data = sent(page)
        more = unasked(register.model, page.context["form"].fields, cast)
        assert len(more) >= 5
        for formset in (formset for _, formset in page.context["formsets"]):
            names = formset.form.base_fields
            rows = {
                f"{formset.prefix}-0-{name}": value
                for name, value in unasked(formset.model, names, cast).items()
            }
            more |= rows if formset.initial_form_count() else {}
        parts = [part for inline in register.inlines for part in _parts(inline, record)]
        plain = outcome(client, address, data, lambda parts=parts: [record, *parts])
        assert outcome(client, address, data | more, lambda parts=parts: [record, *parts]) == plain, user


def _parts(inline, record):
    link = next(
        f.name for f in inline.model._meta.fields if f.is_relation and f.related_model is type(record)
    )
    return list(inline.model._base_manager.filter(**{link: record}))


@pytest.mark.parametrize("slug", [slug for slug, found in REGISTERS.items() if not found.city_only])
def test_a_new_record_takes_nothing_but_its_form(slug, cast, signed_in, steady):
    register, client = REGISTERS[slug], signed_in(cast.county)
    before = specimen(slug, cast.dongtai)
    page = client.get(register.url("edit", before.pk))
    data, names = sent(page), page.context["form"].fields
    type(before)._base_manager.filter(pk=before.pk).delete()
    newest = lambda: [register.model._base_manager.latest("pk")]  # noqa: E731
    for name in [name for name in data if name.endswith(("-id", "INITIAL_FORMS"))]:
        data[name] = "0" if name.endswith("INITIAL_FORMS") else ""
    data.pop("seen")
    plain, more = (outcome(client, register.url("new"), sent_now, newest) for sent_now in (data, data | unasked(register.model, names, cast)))  # fmt: skip
    ours = {"id", "path", "code"}
    assert [{k: v for k, v in row.items() if k not in ours} for row in plain] == [
        {k: v for k, v in row.items() if k not in ours} for row in more
    ]
    if register.reviewed:
        assert more[0]["review_state"] == "draft"


def test_an_account_takes_nothing_but_its_form(cast, steady):
    keeper = make_user(Role.ADMIN, cast.dongtai, username="dt-admin", name="管理")
    clerk = make_user(Role.COUNTY, cast.dongtai, username="clerk", name="职员")
    client = confirmed(keeper)
    address = f"/accounts/{clerk.pk}/edit/"
    page = client.get(address)
    form = page.context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {"seen": page.context["seen"]}
    more = unasked(User, AccountForm.Meta.fields, cast) | {"password1": "x", "new_password1": "x"}
    plain = outcome(client, address, data, lambda: [clerk])
    assert outcome(client, address, data | more, lambda: [clerk]) == plain
    assert client.post(address, data | {"role": "city"}).status_code == 422
    assert client.post(address, data | {"organization": cast.sheyang.pk}).status_code == 422


def test_what_belongs_to_reports_takes_nothing_but_its_form(cast, signed_in, steady):
    client = signed_in(cast.city)
    seen = client.get("/reports/settings/").context["seen"]
    names = PaperSettingsForm.Meta.fields
    data = {"issuer": "署名甲", "seen": seen}
    client.post("/reports/settings/", data)
    data["seen"] = client.get("/reports/settings/").context["seen"]
    rows = lambda: [PaperSettings.current()]  # noqa: E731
    plain = outcome(client, "/reports/settings/", data, rows)
    assert outcome(client, "/reports/settings/", data | unasked(PaperSettings, names, cast), rows) == plain
    draft = make_report_draft(org=cast.dongtai, kind="circular", year=2024, span="year")
    county, address = signed_in(cast.county), "/reports/circular/draft/?year=2024&span=year"
    data = {
        "seen": county.get("/reports/circular/?year=2024&span=year").context["seen_head"],
        "addressee": "各单位",
    }
    more = unasked(ReportDraft, DraftForm.Meta.fields, cast)
    plain = outcome(county, address, data, lambda: [draft])
    assert outcome(county, address, data | more, lambda: [draft]) == plain


def test_a_view_takes_nothing_but_its_form(cast, signed_in, steady):
    client = signed_in(cast.county)
    client.post("/laureates/views/", {"name": "我的", "query": ""})
    view = SavedView.objects.get()
    address = f"/laureates/views/{view.pk}/"
    page = client.get(address)
    names = set(page.context["form"].fields)
    data = {name: page.context["form"][name].value() or "" for name in names} | {"seen": page.context["seen"]}
    data |= {"column": ["name", "org"], "show-name": "on", "show-org": "on"}
    plain = outcome(client, address, data, lambda: [view])
    more = {k: v for k, v in unasked(SavedView, names, cast).items() if k not in ("columns", "query")}
    assert outcome(client, address, data | more, lambda: [view]) == plain


def _read(register, user, heads, told):
    """Return how a workbook is understood that has two columns of the register's own, and ``heads`` besides."""
    own = [found.label for found in columns_of(register, form_for(register, user), user) if not found.shown][
        :2
    ]
    rows = read("表.xlsx", workbook_bytes([*own, *heads], ["1", "1", *("1" for _ in heads)]))
    return committing.preview(register, user, rows, Answers(columns=told))


@pytest.mark.parametrize("slug", list(REGISTERS))
def test_a_workbook_fills_no_column_that_is_not_on_the_form(slug, cast):
    register, user = REGISTERS[slug], cast.city if REGISTERS[slug].city_only else cast.county
    form = form_for(register, user)
    fields = [field for field in register.model._meta.concrete_fields if field.name not in form.fields]
    heads = list(dict.fromkeys(str(field.verbose_name) for field in fields)) + [
        field.name for field in fields
    ]
    told = {head_key(field.name): field.name for field in fields}
    for answers in ({}, told):
        found = _read(register, user, heads, answers)
        filled = {column.name for column in found.layout.read_columns if not column.side}
        assert filled
        assert filled <= set(form.fields)


def test_what_a_workbook_says_besides_the_form_is_not_stored(cast, steady):
    register, own = REGISTERS["laureates"], {"姓名": "张三丰", "人员类别": "劳模", "工作单位": "东台市"}
    more = unasked(register.model, register.form.base_fields, cast)
    found = []
    for columns in (own, own | more):
        with transaction.atomic():
            rows = read("表.xlsx", workbook_bytes(list(columns), [str(value) for value in columns.values()]))
            told = Answers(columns={head_key(name): name for name in more})
            committing.commit(register, cast.county, rows, told)
            made = register.model._base_manager.get(name="张三丰")
            found.append({name: value for name, value in stored(made).items() if name != "id"})
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert found[0]["review_state"] == "draft"


@pytest.mark.parametrize("slug", [slug for slug, found in REGISTERS.items() if found.batch_fields])
def test_a_batch_edit_takes_its_one_field_and_no_other(slug, cast, signed_in, steady):
    register, client = REGISTERS[slug], signed_in(cast.city)
    record = specimen(slug, cast.dongtai)
    address, name = register.url("batch-edit"), register.batch_fields[0]
    form = register.form(user=cast.city, instance=record)
    step = {
        "pk": [record.pk],
        "field": name,
        name: form[name].value() or "",
        "reason": "统一更正",
        "step": "preview",
    }
    preview = client.post(address, step)
    applied = (
        step | {"step": "apply", "seen": preview.context["seen"]} if preview.status_code == 200 else step
    )
    more = unasked(register.model, (name,), cast) | {"field2": "org", "fields": "org"}
    before = stored(record)
    client.post(address, applied | more)
    after = stored(record)
    assert {key for key in after if after[key] != before[key]} <= {name, f"{name}_id"}
    for foreign in set(form.fields) - set(register.batch_fields):
        refused = client.post(address, applied | {"field": foreign, foreign: "1"})
        assert refused.status_code == 422, foreign
        assert stored(record) == after

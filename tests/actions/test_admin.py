"""The administration: who gets in, that every page answers, and that it leaves a trail."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.urls import reverse

from actions.models import Event, Participation, ProgrammeSettings, Target
from actions.progress.indicator import INDICATORS
from models_app.models import Laureate
from mofu.accounts.models import TrailEntry, User
from mofu.registers.summaries import Summary
from tests.makers import made_id_number, make_event, make_laureate, make_measure, make_target

pytestmark = pytest.mark.django_db
OURS = ("accounts", "registers", "models_app", "actions")
PARTS = {
    "Participation",
    "AssistanceLaureate",
    "StudioMember",
    "StudioOutcome",
    "MentorshipNote",
    "TaskStep",
    "TaskNote",
    "ReportEdit",
    "Consent",  # signed papers are kept by staff; who repairs tables has no use for them
    "CareFile",  # sensitive: by named staff only
    "FrozenFile",  # sealed, of no use to anybody but its report
    "ImportFile",  # sealed, of no use to anybody but its import
    "JobResult",  # sealed, of no use to anybody but its job
}

LOOKED_UP = (
    "User",
    "TrailBlock",
    "TrailEntry",
    "Attachment",
    "ImportBatch",
    "Job",
    "DistinctPair",
    "Merge",
    "SavedView",
    "FrozenReport",
)


def ours():
    return [model for model in admin.site._registry if model._meta.app_label in OURS]


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_every_model_is_registered_or_an_inline_of_one():
    models = {model for label in OURS for model in apps.get_app_config(label).get_models()}
    rest = {model for model in models - set(ours()) if not issubclass(model, Summary)}  # the database's own
    assert {model.__name__ for model in rest} == PARTS


@pytest.mark.parametrize("model", ours(), ids=lambda model: model.__name__)
def test_lists_search_and_forms_answer(model, cast, signed_in):
    client = signed_in(cast.admin)
    assert client.get(address(model, "changelist"), {"q": "张"}).status_code == 200
    expected = 403 if model.__name__ in LOOKED_UP else 200
    assert client.get(address(model, "add")).status_code == expected


@pytest.mark.parametrize("who", ["city", "county", "leader", "auditor", "stranger"])
def test_only_administrators_get_in(who, cast, signed_in):
    assert signed_in(getattr(cast, who)).get("/admin/").status_code in (302, 403)


def test_anonymous_visitors_are_sent_to_the_one_sign_in_page(client):
    response = client.get("/admin/login/?next=/admin/")
    assert response.status_code == 302
    assert response["Location"].startswith("/login/")


def test_change_of_an_event_keeps_its_state_and_trails_the_measures(cast, signed_in):
    event = make_event(org=cast.dongtai, laureates=[make_laureate()])
    measure = make_measure(code="village")
    client = signed_in(cast.admin)
    part = event.participations.get()
    data = {
        "title": "新名称", "kind": "session", "destination": "village", "date": "2024-06-22", "org": event.org_id,
        "measures": [measure.pk],
        "participations-TOTAL_FORMS": 1, "participations-INITIAL_FORMS": 1, "participations-MIN_NUM_FORMS": 0,
        "participations-MAX_NUM_FORMS": 1000, "participations-0-id": part.pk, "participations-0-event": event.pk,
        "participations-0-laureate": part.laureate_id, "participations-0-part": "guide",
    }  # fmt: skip
    response = client.post(address(Event, "change", event.pk), data)
    assert response.status_code == 302, response.context["errors"]
    event.refresh_from_db()
    assert (event.title, event.review_state) == ("新名称", "approved")
    entries = TrailEntry.objects.filter(model="actions.event", object_id=str(event.pk), actor=cast.admin)
    changed = {name for entry in entries for name in entry.changes}
    assert {"title", "measures"} <= changed
    assert entries.filter(action="changed", object_label__startswith="参加人员：").exists()
    assert Participation.objects.get(pk=part.pk).part == "guide"


def test_bulk_deletion_leaves_one_entry_each(cast, signed_in):
    pks = [make_laureate(org=cast.dongtai).pk for _ in range(2)]
    data = {"action": "delete_selected", "_selected_action": pks, "post": "yes"}
    signed_in(cast.admin).post(address(Laureate, "changelist"), data)
    assert not Laureate.everything.filter(pk__in=pks).exists()
    deleted = TrailEntry.objects.filter(model="models_app.laureate", action="deleted", actor=cast.admin)
    assert deleted.count() == 2


def test_personal_numbers_are_not_shown_here_and_stay_as_they_are(cast, signed_in):
    laureate = make_laureate(org=cast.dongtai, id_number=made_id_number())
    page = signed_in(cast.admin).get(address(Laureate, "change", laureate.pk)).content.decode()
    assert laureate.id_number not in page
    assert laureate.masked_id_number not in page


def test_accounts_are_looked_up_here_and_kept_elsewhere(cast, signed_in):
    client = signed_in(cast.admin)
    page = client.get(address(User, "change", cast.county.pk)).content.decode()
    assert cast.county.username in page
    assert cast.county.password not in page
    assert client.post(address(User, "change", cast.county.pk), {"role": "admin"}).status_code == 403
    assert client.post(address(User, "delete", cast.county.pk), {"post": "yes"}).status_code == 403


def test_trail_cannot_be_changed_or_removed(cast, signed_in):
    make_laureate()
    entry = TrailEntry.objects.first()
    client = signed_in(cast.admin)
    assert client.post(address(TrailEntry, "delete", entry.pk), {"post": "yes"}).status_code == 403
    assert client.post(address(TrailEntry, "change", entry.pk), {"actor_name": "x"}).status_code == 403


def test_only_our_own_models_are_kept_here():
    assert {model._meta.app_label for model in admin.site._registry} == set(OURS)


@pytest.mark.parametrize("model", ours(), ids=lambda model: model.__name__)
def test_headings_and_labels_are_chinese(model, cast, signed_in):
    """Every heading of a list and every label of a form has a Chinese character; ID and IP aside."""
    client = signed_in(cast.admin)
    pages = [client.get(address(model, name)) for name in ("changelist", "add")]
    shown = [label_for_field(name, model, admin.site._registry[model]) for name in
             admin.site._registry[model].get_list_display(None)]  # fmt: skip
    forms = [page.context["adminform"].form for page in pages if page.context and "adminform" in page.context]
    shown += [str(field.label) for form in forms for field in form.fields.values()]
    assert [text for text in shown if text.isascii()] == []
    assert "Filter by" not in pages[0].content.decode()


def test_targets_are_listed_by_the_name_of_their_indicator(cast, signed_in):
    make_target(indicator="six_ins.sessions")
    page = signed_in(cast.admin).get(address(Target, "changelist"), {"indicator": "six_ins.sessions"})
    assert page.content.decode().count(INDICATORS["six_ins.sessions"].label) >= 2


def test_the_day_the_programme_started_is_edited_here(cast, signed_in):
    settings = ProgrammeSettings()
    settings.save()
    client, where = signed_in(cast.admin), address(ProgrammeSettings, "change", settings.pk)
    form = client.get(where).context["adminform"].form
    assert form.fields["started_on"].label == "行动启动日期"
    assert "未启动" in form.fields["started_on"].help_text
    data = {name: form[name].value() for name in form.fields}
    assert client.post(where, data | {"started_on": "2023-01-01"}).status_code == 200
    assert client.post(where, data | {"started_on": "2024-07-01"}).status_code == 302
    assert ProgrammeSettings.current().started_on == date(2024, 7, 1)

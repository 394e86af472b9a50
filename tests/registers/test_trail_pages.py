"""The auditors' pages: every way of searching, before and after, the export; no personal number anywhere."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from mofu.accounts import trail
from mofu.accounts.context import Acting, acting
from mofu.accounts.models import TrailEntry
from mofu.accounts.trail import TrailedModel
from mofu.documents.csv_text import plain
from tests.makers import made_id_number, make_laureate


@pytest.fixture
def told(cast):
    """A clerk changes 赵一, another exports something, each from a machine of their own."""
    with acting(Acting(user=cast.county, ip="10.0.0.7", request_id="a" * 32)):
        person = make_laureate(org=cast.dongtai, name="赵一", position="工人")
        person.position = "班长"
        person.save()
    with acting(Acting(user=cast.other, ip="10.0.0.8", request_id="b" * 32)):
        trail.record(trail.Action.EXPORTED, reason="活动台账 3 条")
    return person


def shown(client, **query):
    return [(entry.action, entry.actor_name) for entry in client.get("/trail/", query).context["entries"]]


CHANGED, CREATED, EXPORTED = ("changed", "东台李四"), ("created", "东台李四"), ("exported", "射阳王五")


@pytest.mark.parametrize(("query", "found"), [
    ({"actor": "东台李四"}, [CHANGED, CREATED]),
    ({"actor": "county2"}, [EXPORTED]),
    ({"action": "exported"}, [EXPORTED]),
    ({"model": "models_app.laureate", "object_id": "{pk}"}, [CHANGED, CREATED]),
    ({"model": "models_app.laureate", "name": "赵一", "action": "changed"}, [CHANGED]),
    ({"ip": "10.0.0.8"}, [EXPORTED]),
    ({"request_id": "a" * 32}, [CHANGED, CREATED]),
    ({"since": "2020-01-01", "until": "2020-12-31"}, []),
    ({"since": "2020-01-01", "ip": "10.0.0.7"}, [CHANGED, CREATED]),
    ({"actor": "没有此人"}, []),
])  # fmt: skip
def test_entries_are_found_by(query, found, told, cast, signed_in):
    asked = {name: value.replace("{pk}", str(told.pk)) for name, value in query.items()}
    assert shown(signed_in(cast.auditor), **asked) == found


def test_nonsense_finds_nothing_and_says_so(told, cast, signed_in):
    answer = signed_in(cast.auditor).get("/trail/", {"since": "昨天"})
    assert answer.status_code == 422
    assert answer.context["entries"] == []


def test_pages_go_back_without_gap_or_repetition(cast, signed_in):
    with acting(Acting(user=cast.city)):
        trail.record_many(trail.Action.EXPORTED, [cast.city] * 120)
    client, before, keys = signed_in(cast.auditor), "", []
    while before is not None:
        page = client.get("/trail/", {"action": "exported", "before": before})
        keys += [entry.pk for entry in page.context["entries"]]
        before = page.context["older"]
    assert keys == sorted(
        TrailEntry.objects.filter(action="exported").values_list("pk", flat=True), reverse=True
    )


def test_a_page_costs_the_same_queries_for_one_and_many(told, cast, signed_in):
    client, costs = signed_in(cast.auditor), []
    for count in (1, 60):
        with acting(Acting(user=cast.city)):
            trail.record_many(trail.Action.DOWNLOADED, [told] * count)
        with CaptureQueriesContext(connection) as found:
            client.get("/trail/", {"action": "downloaded"})
        costs.append(len(found))
    assert costs[0] == costs[1] <= 8


def test_the_list_names_no_record_and_an_entry_shows_before_and_after(told, cast, signed_in):
    client = signed_in(cast.auditor)
    assert "赵一" not in client.get("/trail/").content.decode()
    entry = TrailEntry.objects.get(action="changed", model="models_app.laureate")
    text = client.get(f"/trail/{entry.pk}/").content.decode()
    for words in ("工人", "班长", "东台李四", "10.0.0.7", "a" * 32, "职务"):
        assert words in text


def test_only_auditor_and_admin_open_entries_and_export(told, cast, signed_in):
    entry = TrailEntry.objects.latest("pk").pk
    for name in ("city", "county", "leader", "stranger"):
        client = signed_in(getattr(cast, name))
        assert client.get(f"/trail/{entry}/").status_code == 403
        assert client.post("/trail/export/", {"format": "csv"}).status_code == 403
    assert signed_in(cast.admin).get(f"/trail/{entry}/").status_code == 200


def exported(client, **data):
    return b"".join(client.post("/trail/export/", data).streaming_content)


def test_the_export_holds_what_was_asked_for_who_took_it_and_is_itself_told(told, cast, signed_in):
    client = signed_in(cast.auditor)
    sheet = load_workbook(BytesIO(exported(client, actor="东台李四", format="xlsx"))).active
    rows = list(sheet.iter_rows(values_only=True))
    head = next(number for number, row in enumerate(rows) if "操作人" in row)
    body = [row for row in rows[head + 1 :] if row[1] and row[3]]
    assert [row[4] for row in body] == ["修改", "新增"]
    assert all("auditor" in row[-1] for row in body)
    lines = exported(client, actor="东台李四", format="csv").decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert "工人 → 班长" in lines[1]
    told_of = TrailEntry.objects.filter(action="exported", actor=cast.auditor)
    assert [entry.changes["条数"][1] for entry in told_of] == ["2", "2"]
    assert "操作人：东台李四" in told_of[0].reason


@pytest.mark.parametrize("text", ["=1+1", " +1", "-1", "@x", "\t=1", "＝1", "\u00a0=1", "\u3000＋1"])
def test_no_cell_of_a_csv_is_a_formula(text):
    assert plain(text) == f"'{text}"


def test_personal_numbers_never_reach_the_auditor(cast, signed_in):
    number, typed = made_id_number(), made_id_number()
    with acting(Acting(user=cast.city)):
        person = make_laureate(
            org=cast.dongtai, id_number=number, phone="13900001234", note=f"原件 {typed}，13811112222"
        )
        person.phone = "13900005678"
        person.save()
        trail.record(trail.Action.EXPORTED, person, reason=f"核对 {typed}")
        person.delete()
    client = signed_in(cast.auditor)
    texts = [client.get("/trail/").content.decode(), exported(client, format="csv").decode()]
    texts += [
        client.get(f"/trail/{pk}/").content.decode() for pk in TrailEntry.objects.values_list("pk", flat=True)
    ]
    for secret in (number, typed, "13900001234", "13900005678", "13811112222"):
        assert all(secret not in text for text in texts)
    assert any(typed[:6] in text for text in texts), "the note is shown, its number masked"


def test_every_field_for_a_personal_number_is_hidden_from_the_trail():
    kinds = re.compile(r"身份证|证件号|电话|手机|银行|卡号|密码")
    for model in apps.get_models():
        if issubclass(model, TrailedModel):
            told = {*model.trail_hidden, *model.trail_ignored}
            found = {f.name for f in model._meta.concrete_fields if kinds.search(str(f.verbose_name))}
            assert found <= told, model


@pytest.mark.parametrize("asked", [{"since": "0001-01-01"}, {"until": "9999-12-31"}])
def test_the_ends_of_time_are_no_days_of_the_trail(asked, cast, signed_in):
    response = signed_in(cast.auditor).get("/trail/", asked)
    assert response.status_code == 422

"""The trail: every way of writing leaves who, when, from where and what changed; personal numbers never appear in it."""

from __future__ import annotations

from django.test import Client

from mofu.accounts import trail
from mofu.accounts.context import Acting, acting
from mofu.accounts.models import TrailEntry
from tests.makers import PASSWORD, made_id_number, make_event, make_laureate, make_measure, make_user


def test_saving_leaves_before_and_after_in_words(cast):
    person = make_laureate(org=cast.dongtai, name="赵一")
    with acting(Acting(user=cast.city, ip="10.0.0.1", request_id="r1")):
        person.org = cast.sheyang
        person.is_frontline = True
        person.save()
    entry = TrailEntry.objects.first()
    assert (entry.action, entry.actor, entry.ip, entry.request_id) == ("changed", cast.city, "10.0.0.1", "r1")
    assert entry.changes["org"] == ["东台市", "射阳县"]
    assert entry.changes["is_frontline"] == ["否", "是"]


def test_saving_without_a_change_leaves_nothing(cast):
    person = make_laureate(org=cast.dongtai)
    before = TrailEntry.objects.count()
    person.save()
    assert TrailEntry.objects.count() == before


def test_personal_numbers_never_stand_in_the_trail(cast):
    number = made_id_number()
    person = make_laureate(org=cast.dongtai, id_number=number, phone="13900001234")
    person.phone = "13900005678"
    person.save()
    person.delete()
    text = str(list(TrailEntry.objects.values()))
    assert number not in text
    assert "1390000" not in text


def test_bulk_paths_leave_one_entry_each(cast):
    people = [make_laureate(org=cast.dongtai) for _ in range(3)]
    before = TrailEntry.objects.count()
    trail.record_many(trail.Action.EXPORTED, people, reason="批量")
    assert TrailEntry.objects.count() == before + 3


def test_many_to_many_changes_are_recorded(cast, signed_in):
    measure = make_measure()
    event = make_event(org=cast.dongtai, kind="seminar")
    data = {
        "title": event.title,
        "kind": "seminar",
        "date": "2024-06-22",
        "org": cast.dongtai.pk,
        "measures": [measure.pk],
        "participation-TOTAL_FORMS": 0,
        "participation-INITIAL_FORMS": 0,
    }
    assert signed_in(cast.city).post(f"/events/{event.pk}/edit/", data).status_code == 302
    assert TrailEntry.objects.filter(changes_json__contains='"measures":').exists()


def test_sign_in_failure_and_sign_out_are_recorded(db):
    user = make_user(username="clerk")
    client = Client()
    client.post("/login/", {"login": "clerk", "password": "wrong"})
    client.post("/login/", {"login": "clerk", "password": PASSWORD})
    client.post("/logout/")
    actions = list(
        TrailEntry.objects.filter(action__contains="sign").order_by("pk").values_list("action", "actor")
    )
    assert actions == [("sign_in_failed", None), ("signed_in", user.pk), ("signed_out", user.pk)]


def test_auditor_sees_figures_without_links_to_records(cast, signed_in):
    make_measure()
    make_event(org=cast.dongtai)
    page = signed_in(cast.auditor).get("/actions/six-ins/?year=2024").content.decode()
    assert "indicator=" not in page
    assert "indicator=" in signed_in(cast.leader).get("/actions/six-ins/?year=2024").content.decode()

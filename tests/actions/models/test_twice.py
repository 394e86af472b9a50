"""What may be entered only once: the database refuses it behind every form, and who loses the race is told at the field."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from actions.models import Event, Membership, Mentorship
from models_app.models import Laureate
from mofu.registers.register import REGISTERS
from mofu.registers.sheets import committing
from mofu.registers.sheets.reading import SheetRefused, read
from mofu.registers.views import records
from tests.makers import (
    copy_of,
    make_assistance,
    make_event,
    make_laureate,
    make_membership,
    make_mentorship,
    make_org,
    make_worker,
)
from tests.registers.sheets_of import workbook_bytes

DAY = date(2024, 6, 22)
TITLE = "已登记过同一活动（单位、名称、日期、地点都相同），请勿重复登记。"
on_postgresql = pytest.mark.skipif(
    "connection.vendor == 'sqlite'", reason="SQLite lets one writer at a time check and save"
)


TWICE = {
    "event": (lambda: make_event(place="文化宫"), {}, {"place": "体育馆"}),
    "served assistance": (make_assistance, {}, {"served_on": date(2024, 7, 1)}),
    "asked assistance": (lambda: make_assistance(stage="need", served_on=None), {}, {"need": "另一需求"}),
    "pair on one day": (
        lambda: make_mentorship(ends_on=date(2025, 6, 22)),
        {"ends_on": date(2026, 6, 22)},
        {"started_on": date(2025, 6, 22)},
    ),
    "open pair": (
        make_mentorship,
        {"started_on": date(2025, 1, 1)},
        {"started_on": date(2023, 1, 1), "ends_on": DAY},
    ),
    "membership on one day": (
        lambda: make_membership(left_on=date(2024, 12, 31)),
        {"left_on": date(2025, 12, 31)},
        {"joined_on": date(2025, 1, 1), "left_on": None},
    ),
    "laureate without number": (
        lambda: make_laureate(birth_date="1970-05"),
        {},
        {"birth_date": "1970-06"},
    ),
    "worker without number": (make_worker, {}, {"org": None}),
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", TWICE)
def test_the_database_refuses_it_twice_and_takes_what_differs(case):
    make, same, other = TWICE[case]
    record = make()
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_of(record, **same).save()
    copy_of(record, **({"org": make_org()} if other == {"org": None} else other)).save()
    assert type(record).everything.count() == 2


@pytest.mark.django_db
def test_a_pair_known_by_name_is_refused_twice_by_the_database():
    master = make_laureate()
    for _ in range(2):
        pair = Mentorship(master=master, apprentice_name="李四", started_on=DAY)
        if not Mentorship.everything.exists():
            pair.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        pair.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_of(pair, started_on=date(2024, 7, 1)).save()
    copy_of(pair, apprentice_name="王五").save()


@pytest.mark.django_db
def test_the_administration_refuses_it_twice_at_the_field(cast, signed_in):
    event = make_event(org=cast.dongtai)
    data = event_data(event.org, title=event.title)
    response = signed_in(cast.admin).post(reverse("admin:actions_event_add"), data)
    assert response.status_code == 200
    assert response.context["adminform"].form.errors["title"] == [TITLE]
    assert Event.everything.count() == 1


# --- At the same moment -----------------------------------------------------------------------------------


def event_data(org, **values):
    rows = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}
    parts = {f"{name}-{key}": n for name in ("participation", "participations") for key, n in rows.items()}
    return {
        "title": "劳模宣讲进企业",
        "kind": "session",
        "destination": "enterprise",
        "date": "2024-06-22",
        "org": org.pk,
        **parts,
        **values,
    }


def pair_data(master, apprentice, **values):
    rows = {"mentorshipnote-TOTAL_FORMS": 0, "mentorshipnote-INITIAL_FORMS": 0}
    return {"master": master.pk, "apprentice": apprentice.pk, "started_on": "2024-06-22", **rows, **values}


def in_thread(work):
    """Do some work over a database connection of its own; return the thread and the list its result comes in."""
    results = []

    def run():
        try:
            results.append(work())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, results


def meanwhile(monkeypatch, place, name, work):
    """Do some work, once, just before ``place.name`` is called for the first time."""
    original, waiting = getattr(place, name), [work]

    def wrapper(*args, **kwargs):
        if waiting:
            thread, _ = in_thread(waiting.pop())
            thread.join()
        return original(*args, **kwargs)

    monkeypatch.setattr(place, name, wrapper)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_enter_one_event_at_once_the_second_is_told_at_the_title(cast, signed_in, monkeypatch):
    first, second = signed_in(cast.county), signed_in(cast.city)
    data = event_data(cast.dongtai)
    meanwhile(monkeypatch, records, "save_form", lambda: second.post("/events/new/", data))
    response = first.post("/events/new/", data)
    assert response.status_code == 422
    assert response.context["form"].errors == {"title": [TITLE]}
    assert "劳模宣讲进企业" in response.content.decode()
    assert Event.everything.get().created_by == cast.city


@pytest.mark.django_db(transaction=True)
def test_of_two_who_enter_one_person_at_once_the_second_keeps_what_was_typed(cast, signed_in, monkeypatch):
    first, second = signed_in(cast.county), signed_in(cast.city)
    data = {"name": "张三", "category": "model", "org": cast.dongtai.pk, "position": "班长"}
    data["status"] = Laureate._meta.get_field("status").default
    meanwhile(monkeypatch, records, "save_form", lambda: second.post("/laureates/new/", data))
    response = first.post("/laureates/new/", data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["name"]
    assert response.context["form"]["position"].value() == "班长"
    assert Laureate.everything.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_overlapping_pairs_entered_at_once_one_is_kept(cast, signed_in, monkeypatch):
    master, apprentice = make_laureate(org=cast.dongtai), make_worker(org=cast.dongtai)
    first, second = signed_in(cast.county), signed_in(cast.city)
    rival = pair_data(master, apprentice, started_on="2024-03-01", ends_on="2025-03-01")
    meanwhile(monkeypatch, records, "save_form", lambda: second.post("/mentorships/new/", rival))
    response = first.post("/mentorships/new/", pair_data(master, apprentice, ends_on="2025-06-22"))
    assert response.status_code == 422
    assert "时间重叠" in response.context["form"].errors["apprentice"][0]
    assert Mentorship.everything.get().started_on == date(2024, 3, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_overlapping_memberships_entered_at_once_one_is_kept(cast, signed_in, monkeypatch):
    known = make_membership(joined_on=date(2020, 1, 1), left_on=date(2021, 1, 1))
    data = {"team": known.team_id, "laureate": known.laureate_id}
    first, second = signed_in(cast.city), signed_in(cast.city)
    rival = data | {"joined_on": "2022-01-01", "left_on": "2023-01-01"}
    meanwhile(monkeypatch, records, "save_form", lambda: second.post("/memberships/new/", rival))
    response = first.post("/memberships/new/", data | {"joined_on": "2022-06-01", "left_on": "2024-01-01"})
    assert response.status_code == 422
    assert "同一时间" in response.context["form"].errors["laureate"][0]
    assert Membership.everything.count() == 2


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_two_who_save_overlapping_pairs_in_the_same_instant_take_turns(cast, signed_in, monkeypatch):
    master, apprentice = make_laureate(org=cast.dongtai), make_worker(org=cast.dongtai)
    both, original = threading.Barrier(2), records.save_form

    def together(*args, **kwargs):
        both.wait(timeout=10)
        return original(*args, **kwargs)

    monkeypatch.setattr(records, "save_form", together)
    sent = [
        (signed_in(cast.county), pair_data(master, apprentice, ends_on="2025-06-22")),
        (signed_in(cast.city), pair_data(master, apprentice, started_on="2024-07-01", ends_on="2025-07-01")),
    ]
    work = [in_thread(lambda one=one, data=data: one.post("/mentorships/new/", data)) for one, data in sent]
    for thread, _ in work:
        thread.join()
    assert sorted(results[0].status_code for _, results in work) == [302, 422]
    assert Mentorship.everything.count() == 1


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_the_administration_tells_who_loses_the_race(cast, signed_in, monkeypatch):
    admin, clerk = signed_in(cast.admin), signed_in(cast.county)
    data = event_data(cast.dongtai)
    meanwhile(monkeypatch, Event, "save", lambda: clerk.post("/events/new/", data))
    response = admin.post(reverse("admin:actions_event_add"), data)
    assert response.status_code == 200
    assert response.context["adminform"].form.errors["title"] == [TITLE]
    assert Event.everything.get().created_by == cast.county


@pytest.mark.django_db
def test_an_import_that_loses_the_race_writes_nothing_and_says_so(cast, monkeypatch):
    original = committing.Writer.write

    def overtaken(writer, rows, units):
        make_event(org=cast.dongtai, title="甲", place="文化宫")
        return original(writer, rows, units)

    monkeypatch.setattr(committing.Writer, "write", overtaken)
    head = ["活动名称", "活动类型", "日期", "地点", "所属单位"]
    content = workbook_bytes(head, ["甲", "座谈会", "2024-06-22", "文化宫", "东台市"])
    with pytest.raises(SheetRefused, match="与别处刚保存的记录冲突，全部没有写入"):
        committing.commit(REGISTERS["events"], cast.county, read("a.xlsx", content))
    assert not Event.everything.exists()

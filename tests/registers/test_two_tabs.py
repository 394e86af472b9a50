"""Two tabs, one record: the second to save is told, loses nothing, and decides. Generated over every edit form."""

from __future__ import annotations

import pytest

from models_app.models import Laureate
from mofu.accounts import trail_versions
from mofu.accounts.models import TrailEntry
from mofu.registers import bulk
from mofu.registers.models import Job
from mofu.registers.register import REGISTERS
from tests.makers import made_id_number, make_event, make_laureate
from tests.registers.sent_forms import sent
from tests.specimens import specimen


def other_value(page, data):
    """Return the name of a plain text or number field of the form, and two other values for it."""
    texts = ("note", "remark", "position", "deeds", "content", "summary", "name", "title", "need")
    fields = page.context["form"].fields
    for name in (*texts, *fields):
        field = fields.get(name)
        kind = type(field).__name__
        if (
            kind == "CharField"
            and not getattr(field, "choices", None)
            and not field.disabled
            and (field.max_length or 99) > 12
        ):
            return name, "甲改的内容", "乙改的内容"
    for name, field in fields.items():
        if type(field).__name__ in ("IntegerField", "DecimalField"):
            return name, "41", "42"
    raise AssertionError("no field to type into")


@pytest.mark.parametrize("slug", list(REGISTERS))
def test_the_second_tab_gets_409_with_all_three_values_and_may_save_again(slug, cast, signed_in):
    register, one, other = REGISTERS[slug], signed_in(cast.city), signed_in(cast.city)
    record = specimen(slug, cast.dongtai)
    address = register.url("edit", record.pk)
    first, second = one.get(address), other.get(address)
    data = sent(first)
    name, mine, theirs = other_value(first, data)
    was = data.get(name, "")
    saved = one.post(address, data | {name: mine})
    assert saved.status_code == 302, (
        name,
        saved.context["form"].errors,
        [f.errors for _, f in saved.context["formsets"]],
    )
    stored = bulk.values_of(type(record)._base_manager.get(pk=record.pk))
    entries = TrailEntry.objects.count()

    answer = other.post(address, sent(second) | {name: theirs})
    assert answer.status_code == 409
    assert bulk.values_of(type(record)._base_manager.get(pk=record.pk)) == stored
    assert TrailEntry.objects.exclude(action="asked").count() == entries
    label = str(answer.context["form"].fields[name].label)
    (line,) = [line for line in answer.context["conflict"].fields if line.label == label]
    secret = name in getattr(record, "trail_hidden", ())
    assert (line.now, line.mine, line.who) == (mine, theirs, "市级张三") or secret
    assert line.was == (was or "（空）") or secret
    text = answer.content.decode()
    for words in ("没有保存", "原来", "现在库里", "我填的", "再次保存", "放弃，看最新"):
        assert words in text
    assert answer.context["form"][name].value() == theirs

    again = sent(answer)
    assert again["seen"] != sent(second)["seen"]
    assert other.post(address, again | {name: theirs}).status_code == 302
    kept = getattr(type(record)._base_manager.get(pk=record.pk), name)
    assert str(kept).rstrip("0").rstrip(".") == theirs


@pytest.mark.parametrize("slug", list(REGISTERS))
def test_a_form_without_a_version_is_stale(slug, cast, signed_in):
    record = specimen(slug, cast.dongtai)
    address = REGISTERS[slug].url("edit", record.pk)
    client = signed_in(cast.city)
    data = sent(client.get(address))
    before = bulk.values_of(type(record)._base_manager.get(pk=record.pk))
    for seen in ("", "x", "99999999999999999999", "٣"):
        assert client.post(address, data | {"seen": seen}).status_code == 409
    assert bulk.values_of(type(record)._base_manager.get(pk=record.pk)) == before


def test_personal_numbers_stay_masked_on_the_page(cast, signed_in):
    old, new, typed = made_id_number(), made_id_number(), made_id_number()
    person = make_laureate(org=cast.dongtai, id_number=old, phone="13900001111")
    client = signed_in(cast.city)
    address = f"/laureates/{person.pk}/edit/"
    stale = sent(client.get(address))
    client.post(address, stale | {"id_number": new, "phone": "13900002222"})
    answer = client.post(address, stale | {"id_number": typed})
    assert answer.status_code == 409
    text = answer.content.decode()
    box = text[text.index("conflict-title") : text.index("</section>")]
    for number in (old, new, typed, "13900001111", "13900002222"):
        assert number not in box
    assert old not in text
    assert new not in text
    assert f"{typed[:6]}" in box
    assert Laureate.everything.get(pk=person.pk).id_number == new


def event_with_two(cast, signed_in):
    people = [make_laureate(org=cast.dongtai, name=name) for name in ("赵一", "钱二", "孙三")]
    event = make_event(org=cast.dongtai, laureates=people[:2])
    return event, people, signed_in(cast.city), f"/events/{event.pk}/edit/"


def test_a_part_changed_by_others_makes_the_form_stale_and_is_named(cast, signed_in):
    _, _, client, address = event_with_two(cast, signed_in)
    stale = sent(client.get(address))
    client.post(address, stale | {"participation-1-note": "主讲"})
    answer = client.post(address, stale | {"title": "新的名称"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "主讲" in text
    assert "所属明细的改动" in text
    assert answer.context["form"]["title"].value() == "新的名称"


def test_a_row_that_others_deleted_can_be_brought_back_as_typed(cast, signed_in):
    event, _, client, address = event_with_two(cast, signed_in)
    stale = sent(client.get(address))
    assert client.post(address, stale | {"participation-0-DELETE": "on"}).status_code == 302
    answer = client.post(address, stale | {"participation-0-note": "我写的备注"})
    assert answer.status_code == 409
    again = sent(answer)
    assert client.post(address, again).status_code == 302
    rows = {row.laureate.name: row.note for row in event.participations.all()}
    assert rows == {"赵一": "我写的备注", "钱二": ""}


def test_a_row_that_others_added_stays(cast, signed_in):
    event, people, client, address = event_with_two(cast, signed_in)
    stale = sent(client.get(address))
    row = {
        "participation-2-laureate": people[2].pk,
        "participation-2-part": "speaker",
        "participation-2-note": "后加",
    }
    assert client.post(address, stale | row).status_code == 302
    answer = client.post(address, stale | {"participation-0-note": "我写的"})
    assert answer.status_code == 409
    assert client.post(address, sent(answer)).status_code == 302
    rows = {row.laureate.name: row.note for row in event.participations.all()}
    assert rows == {"赵一": "我写的", "钱二": "", "孙三": "后加"}


STEPS = {"submit": ("county", "draft"), "approve": ("city", "pending"), "return": ("city", "pending")}


@pytest.mark.parametrize("page", [*STEPS, "delete"])
def test_a_step_on_a_record_changed_since_it_was_shown_is_not_taken(page, cast, signed_in):
    user, state = STEPS.get(page, ("city", "approved"))
    person = make_laureate(org=cast.dongtai, name="赵一", position="工人", review_state=state)
    client = signed_in(getattr(cast, user))
    shown = client.get(f"/laureates/{person.pk}/" + ("delete/" if page == "delete" else ""))
    assert f'name="seen" value="{shown.context["seen"]}"' in shown.content.decode()
    person.position = "班长"
    person.save()
    data = {"seen": shown.context["seen"], "reason": "材料不全"}
    answer = client.post(f"/laureates/{person.pk}/{page}/", data)
    assert answer.status_code == 409
    assert Laureate.everything.get(pk=person.pk).review_state == state
    text = answer.content.decode()
    assert "班长" in text
    assert "材料不全" in text
    done = client.post(f"/laureates/{person.pk}/{page}/", data | {"seen": answer.context["seen"]})
    assert done.status_code == 302


def test_an_unchanged_save_makes_nobody_elses_form_stale(cast, signed_in):
    person = make_laureate(org=cast.dongtai)
    client = signed_in(cast.city)
    address = f"/laureates/{person.pk}/edit/"
    data = sent(client.get(address))
    assert client.post(address, data).status_code == 302
    assert data["seen"] == trail_versions.version(Laureate, person.pk)
    assert client.post(address, data | {"position": "班长"}).status_code == 302


# many at once --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["approve", "return"])
def test_nothing_is_decided_in_bulk_when_a_chosen_record_changed(action, cast, signed_in):
    people = [make_laureate(org=cast.dongtai, name=name, review_state="pending") for name in ("赵一", "钱二")]
    client = signed_in(cast.city)
    seen = client.get("/review/").context["seen"]
    people[0].position = "班长"
    people[0].save()
    data = {"action": action, "pk": [person.pk for person in people], "reason": "x", "seen": seen}
    answer = client.post("/laureates/bulk/", data)
    assert answer.status_code == 409
    assert "赵一" in answer.content.decode()
    assert "钱二" not in answer.content.decode()
    assert set(Laureate.everything.values_list("review_state", flat=True)) == {"pending"}
    client.post("/laureates/bulk/", data | {"seen": client.get("/laureates/").context["seen"]})
    assert "pending" not in Laureate.everything.values_list("review_state", flat=True)


def test_a_batch_edit_confirms_what_its_preview_showed(cast, signed_in):
    person = make_laureate(org=cast.dongtai, name="赵一", skill_level=1)
    client = signed_in(cast.city)
    data = {
        "pk": [person.pk],
        "field": "skill_level",
        "skill_level": "3",
        "reason": "核定",
        "step": "preview",
    }
    seen = client.post("/laureates/batch/", data).context["seen"]
    person.skill_level = 2
    person.save()
    answer = client.post("/laureates/batch/", data | {"step": "apply", "seen": seen})
    assert answer.status_code == 409
    assert Laureate.everything.get(pk=person.pk).skill_level == 2


def test_work_in_the_background_refuses_what_changed_since_it_was_ordered(
    cast, signed_in, monkeypatch, django_capture_on_commit_callbacks
):
    people = [make_laureate(org=cast.dongtai, review_state="pending") for _ in range(3)]
    client = signed_in(cast.city)
    seen = client.get("/laureates/").context["seen"]
    monkeypatch.setattr("mofu.registers.batch_edits.AT_ONCE", 2)
    people[1].position = "班长"
    people[1].save()
    data = {"action": "approve", "pk": [person.pk for person in people], "seen": seen}
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/laureates/bulk/", data)
    assert "在您打开页面后被修改过" in Job.objects.get().message
    assert set(Laureate.everything.values_list("review_state", flat=True)) == {"pending"}

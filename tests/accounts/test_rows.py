"""Rows written past the ORM are the rows that ``bulk_create`` writes."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from actions.models import TenOne
from models_app.models import Laureate
from mofu.accounts import rows, trail
from mofu.accounts.models import TrailEntry
from mofu.registers import bulk
from mofu.registers.partial_dates import PartialDate
from tests.makers import make_laureate, make_ten_one_item, make_worker

PERSON = {
    "category": "model", "id_number": "", "phone": "13900001111", "birth_date": PartialDate("1970-06"), "skill_level": 3,
    "is_frontline": True, "note": "一行\n两行\t三\\N",
}  # fmt: skip


def person(org, name, **values):
    made = Laureate(org=org, name=name, **(PERSON | values))
    made.derive()
    return made


def stored(record):
    """Return what the database holds of a record, but for its key and times."""
    values = bulk.values_of(type(record).everything.get(pk=record.pk))
    return {name: value for name, value in values.items() if name not in ("id", "created_at", "updated_at")}


def test_added_rows_are_those_of_bulk_create(cast):
    ours, theirs = person(cast.dongtai, "张三"), person(cast.dongtai, "张三", birth_date="1971")
    rows.add([ours])
    Laureate.everything.bulk_create([theirs])
    assert stored(ours) | {"birth_date": ""} == stored(theirs) | {"birth_date": ""}
    assert stored(ours)["birth_date"] == "1970-06"
    assert ours.updated_at == Laureate.everything.get(pk=ours.pk).updated_at
    assert not ours._state.adding


def test_keys_go_on_after_those_given_out(cast):
    first = make_laureate(org=cast.dongtai)
    last = make_laureate(org=cast.dongtai)
    made = [person(cast.dongtai, f"张{number}") for number in range(3)]
    rows.add(made)
    assert min(record.pk for record in made) > max(first.pk, last.pk)
    later = make_laureate(org=cast.dongtai)
    taken = later.pk
    assert taken > max(record.pk for record in made)
    later.delete()
    again = person(cast.dongtai, "李四")
    rows.add([again])
    assert again.pk > taken
    assert sorted(Laureate.everything.filter(name__startswith="张").values_list("pk", "name")) == [
        (record.pk, record.name) for record in made
    ]


def test_a_record_may_point_to_one_that_was_saved_after_it_was_named(cast):
    worker, item = make_worker(org=cast.dongtai), make_ten_one_item(1)
    leader = person(cast.dongtai, "张三")
    taken = TenOne(worker=worker, item=item, year=2026, org=cast.dongtai, led_by=leader, lead_kind="class")
    with pytest.raises(ValueError, match="unsaved related object"):
        rows.add([taken])
    leader.save()
    rows.add([taken])
    assert TenOne.everything.get(pk=taken.pk).led_by_id == leader.pk


def test_what_the_database_refuses_is_an_integrity_error(cast):
    make_laureate(org=cast.dongtai, name="张三", birth_date="1970-06")
    with pytest.raises(IntegrityError):
        rows.add([person(cast.dongtai, "张三")])


def test_new_records_leave_the_entries_of_a_save(cast):
    alone, together = person(cast.dongtai, "张三"), person(cast.dongtai, "李四", birth_date="")
    alone.save()
    rows.add([together])
    trail.record_new([together], reason="导入")
    one, many = TrailEntry.objects.order_by("-pk")[:2][::-1]
    changed = {"name": ["", "李四"]}
    assert many.changes == {
        name: text for name, text in (one.changes | changed).items() if name != "birth_date"
    }
    assert (many.action, many.object_id, many.object_label, many.reason) == (
        "created", str(together.pk), "李四", "导入",
    )  # fmt: skip
    assert many.changes["is_frontline"] == ["", "是"]
    assert many.changes["org"] == ["", "东台市"]
    assert many.changes["phone"] == ["", "（已隐藏）"]

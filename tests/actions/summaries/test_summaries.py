"""The kept counts equal the records after whatever was done to them, by whatever path."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from actions.models import LeadKind, TenOne, TenOneMonth, UnitYear, Worker, WorkerYear
from actions.summaries import upkeep
from mofu.accounts.models import Organization
from mofu.registers.records import ReviewState
from tests import makers

pytestmark = pytest.mark.django_db
STATES = ReviewState.values


@pytest.fixture
def places(cast):
    """Two units with three workers each, ten items, a laureate who leads."""
    units = [makers.make_org(parent=cast.dongtai), makers.make_org(parent=cast.sheyang)]
    workers = [makers.make_worker(org=unit) for unit in units for _ in range(3)]
    items = [makers.make_ten_one_item(number) for number in range(1, 11)]
    return units, workers, items, makers.make_laureate(org=units[0])


def agreed():
    return not any(upkeep.differences().values())


def test_an_approved_record_is_counted_and_a_draft_is_not(places, cast):
    units, workers, _, leader = places
    makers.make_ten_one(worker=workers[0], item=1, year=2026, done_on=date(2026, 3, 5),
                        led_by=leader, lead_kind=LeadKind.CLASS)  # fmt: skip
    makers.make_ten_one(worker=workers[1], item=1, year=2026, done_on=None)
    makers.make_ten_one(worker=workers[2], item=1, year=2026, review_state=ReviewState.DRAFT)

    months = TenOneMonth.everything.order_by("month").values_list("board", "year", "month", "people")
    assert list(months) == [(cast.dongtai.pk, 2026, 0, 1), (cast.dongtai.pk, 2026, 3, 1)]
    assert list(UnitYear.everything.values_list("org", "participants", "complete")) == [(units[0].pk, 2, 0)]
    assert agreed()


def test_all_ten_and_one_taken_back(places):
    _, workers, items, _ = places
    rows = [makers.make_ten_one(worker=workers[0], item=item.number, year=2026) for item in items]
    assert UnitYear.everything.get().complete == 1

    rows[4].delete()

    assert list(UnitYear.everything.values_list("participants", "complete")) == [(1, 0)]
    TenOne.everything.all().delete()
    assert not UnitYear.everything.exists()
    assert not WorkerYear.everything.exists()
    assert agreed()


def test_a_worker_who_moves_takes_the_participation_along(places):
    units, workers, items, _ = places
    for item in items:
        makers.make_ten_one(worker=workers[0], item=item.number, year=2026)
    makers.make_ten_one(worker=workers[0], item=1, year=2025)

    Worker.everything.filter(pk=workers[0].pk).update(org=units[1])

    found = UnitYear.everything.order_by("year").values_list("year", "org", "participants", "complete")
    assert list(found) == [(2025, units[1].pk, 1, 0), (2026, units[1].pk, 1, 1)]
    assert agreed()


@pytest.mark.parametrize("seed", range(8))
def test_after_many_random_changes_the_counts_are_those_of_the_records(places, seed):
    rng = Random(seed)
    for _ in range(40):
        _change(rng, *places)
    assert agreed()
    assert TenOne.everything.approved().count() == sum(
        TenOneMonth.everything.values_list("people", flat=True)
    )


def test_the_command_finds_and_repairs_a_wrong_count(places, capsys):
    _, workers, _, _ = places
    makers.make_ten_one(worker=workers[0], year=2026)
    TenOneMonth.everything.update(people=7)
    with connection.cursor() as cursor:
        cursor.execute(f"delete from {UnitYear._meta.db_table}")

    with pytest.raises(CommandError, match="--repair"):
        call_command("check_summaries")
    call_command("check_summaries", repair=True)

    assert "十个一分月汇总：1 行不一致" not in capsys.readouterr().out.splitlines()[-1]
    assert TenOneMonth.everything.get().people == 1
    assert agreed()


def _change(rng, units, workers, items, leader):
    """Do one random thing to the ten ones, one row or many, through the ORM or past it."""
    rows = TenOne.everything.filter(pk__in=rng.sample(list(TenOne.everything.values_list("pk", flat=True)),
                                                      k=min(3, TenOne.everything.count())))  # fmt: skip
    what = rng.randrange(9)
    if what <= 2:
        TenOne.everything.bulk_create(
            [_row(rng, worker, items, leader) for worker in workers], ignore_conflicts=True
        )
    elif what == 3:
        rows.update(review_state=rng.choice(STATES))
    elif what == 4:
        rows.update(org=rng.choice(units), done_on=rng.choice([None, date(2026, 7, 1)]))
    elif what == 5:
        rows.delete()
    elif what == 6:
        Worker.everything.filter(pk=rng.choice(workers).pk).update(org=rng.choice(units))
    elif what == 7:
        unit = Organization.everything.get(pk=rng.choice(units).pk)
        unit.parent = rng.choice(list(Organization.everything.boards()))
        unit.save()
    else:
        rows.update(led_by=leader, lead_kind=rng.choice(LeadKind.values))


def _row(rng, worker, items, leader):
    led = rng.random() < 0.4
    month = rng.randint(0, 12)
    return TenOne(worker=worker, org=worker.org, item=rng.choice(items), year=rng.choice([2025, 2026]),
                  done_on=date(2026, month, 3) if month else None, review_state=rng.choice(STATES),
                  led_by=leader if led else None, lead_kind=rng.choice(LeadKind.values) if led else "")  # fmt: skip


def test_a_worker_row_that_goes_and_comes_back_keeps_the_counts(places):
    """An undone merge puts the ten ones back before their worker."""
    units, workers, _, _ = places
    makers.make_ten_one(worker=workers[0], year=2026)
    columns = [field.column for field in Worker._meta.concrete_fields]
    with connection.cursor() as cursor, connection.constraint_checks_disabled():
        cursor.execute(
            f"create temp table kept as select * from {Worker._meta.db_table} where id = {workers[0].pk}"
        )
        if connection.vendor == "postgresql":
            cursor.execute("set constraints all deferred")
        cursor.execute(f"delete from {Worker._meta.db_table} where id = {workers[0].pk}")
        assert not UnitYear.everything.exists()
        cursor.execute(
            f"insert into {Worker._meta.db_table} ({', '.join(columns)}) select {', '.join(columns)} from kept"
        )

    assert UnitYear.everything.get().org == units[0]
    assert agreed()

"""The synthetic load: asked-for numbers, sound rows, never in production. The suite runs it on both engines."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from actions.models import TenOne, Worker
from models_app.models import Honour, Laureate
from mofu.accounts.models import Organization
from mofu.registers import id_numbers
from tests.makers import make_laureate, make_worker


def make_load(laureates=60, ten_ones=500):
    out = StringIO()
    call_command("make_load", laureates=laureates, ten_ones=ten_ones, stdout=out)
    return out.getvalue()


def test_numbers_are_as_asked(db):
    said = make_load()
    assert Laureate.everything.count() == 60
    assert TenOne.everything.count() == 500
    assert Worker.everything.count() == 63
    assert Honour.everything.count() >= 60
    assert "十个一参与 500 条" in said


def test_rows_are_sound(db):
    make_load()
    for one in [*Laureate.everything.all(), *TenOne.everything.all()[:100]]:
        one.full_clean()
    for one in Laureate.everything.all():
        id_numbers.validate(one.id_number)
        assert one.id_number.startswith("320999")


def test_load_spreads_over_boards_years_and_items(db):
    make_load()
    boards = Organization.everything.boards().count()
    assert len({one.org.board_path for one in Laureate.everything.select_related("org")}) == boards
    assert set(TenOne.everything.values_list("year", flat=True)) == {2024, 2025, 2026}
    assert len(set(TenOne.everything.values_list("item", flat=True))) == 10
    assert TenOne.everything.filter(led_by__isnull=False).exists()
    complete = [TenOne.everything.workers_with_all(year).count() for year in (2024, 2025, 2026)]
    assert sum(complete) == 1  # one worker in fifty


def test_new_records_can_follow(db):
    """The keys of later records go on after those of the load."""
    make_load(laureates=5, ten_ones=16)
    org = Organization.everything.boards().first()
    assert make_laureate(org=org).pk > 5
    assert make_worker(org=org).pk > 2


def test_load_is_refused_where_people_are_kept(db):
    make_load(laureates=5, ten_ones=8)
    with pytest.raises(CommandError, match="空的数据库"):
        make_load()
    assert Laureate.everything.count() == 5


def test_no_load_in_production(db, settings):
    settings.MOFU_ENV = "prod"
    with pytest.raises(CommandError, match="MOFU_ENV"):
        make_load()
    assert not Organization.everything.exists()

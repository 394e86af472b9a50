"""Loading the whole demo: one transaction, one order, one source of chance."""

from __future__ import annotations

from datetime import date
from random import Random

from django.db import transaction

from actions.demo.accounts import make_accounts
from actions.demo.care import make_care_files
from actions.demo.consents import make_consents
from actions.demo.craftsmen import make_academies, make_craftsmen
from actions.demo.double_strive import make_headcounts, make_ten_ones
from actions.demo.evidence import make_evidence
from actions.demo.honours import make_honours, make_status_changes
from actions.demo.meetings import make_activity_records, make_events, make_teams
from actions.demo.mentoring import make_mentorships, make_studios
from actions.demo.people import make_laureates, make_workers
from actions.demo.planning import make_targets, make_task_progress
from actions.demo.service import make_assistance
from actions.demo.units import make_units
from actions.demo.world import World
from actions.models import TenOneItem
from actions.reference import load_reference
from mofu.accounts.context import Acting, acting
from mofu.accounts.models import Organization


@transaction.atomic
def load_demo(*, laureates: int, seed: int, today: date, password: str) -> World:
    """Make accounts and a believable association; the same arguments make the same records.

    The reference data is loaded first where it is missing. The caller sees to it that no laureates exist yet.
    """
    with acting(Acting(source="load_demo")):
        if not TenOneItem.objects.exists():
            load_reference(today)
        staff = make_accounts(password)
        city = Organization.everything.get(parent=None)
        boards = list(Organization.everything.boards())
        rng = Random(seed)  # noqa: S311 - demo data has to be repeatable, not secret
        world = World(rng=rng, today=today, size=laureates, city=city, boards=boards, staff=staff)
        _fill(world)
    return world


def _fill(world: World) -> None:
    make_units(world)
    make_laureates(world)
    make_honours(world)
    make_status_changes(world)
    workers = make_workers(world)
    make_teams(world)
    sessions = make_events(world)
    make_activity_records(world)
    make_assistance(world, sessions)
    studios = make_studios(world, workers)
    make_mentorships(world, workers, studios)
    make_craftsmen(world, workers)
    make_academies(world)
    make_ten_ones(world, workers)
    make_headcounts(world)
    make_targets(world)
    make_task_progress(world)
    make_evidence(world)
    make_consents(world)
    make_care_files(world)

"""One record of every register, for tests that hold for all of them."""

from __future__ import annotations

from itertools import cycle

from django.utils.timezone import localdate

from actions.models import HeadcountReturn
from actions.progress.indicator import INDICATORS
from mofu.accounts.models import OrganizationKind
from tests import makers


def _of_laureate(make):
    return lambda org, **values: make(laureate=makers.make_laureate(org=org), **values)


_codes = cycle(INDICATORS)


def _headcount(org, **values):
    """Return a headcount of the next month since the programme began of which the unit has none."""
    at = HeadcountReturn.everything.filter(org=org).count()
    return makers.make_headcount(org=org, **{"year": 2024 + at // 12, "month": at % 12 + 1} | values)


SPECIMENS = {
    "laureates": makers.make_laureate,
    "honours": lambda org, **values: makers.make_honour(laureate=makers.make_laureate(org=org), **values),
    "honour-titles": lambda org, **values: makers.make_honour_title(**values),
    "group-honours": makers.make_group_honour,
    "activity-records": _of_laureate(makers.make_activity_record),
    "care-files": _of_laureate(makers.make_care_file),
    "consents": _of_laureate(makers.make_consent),
    "status-changes": _of_laureate(makers.make_status_change),
    "organizations": lambda org, **values: makers.make_org(
        parent=org, kind=OrganizationKind.ENTERPRISE, **values
    ),
    "events": makers.make_event,
    "teams": lambda org, **values: makers.make_team(**values),
    "memberships": _of_laureate(makers.make_membership),
    "assistance": makers.make_assistance,
    "studios": makers.make_studio,
    "mentorships": makers.make_mentorship,
    "workers": makers.make_worker,
    "ten-ones": makers.make_ten_one,
    "headcounts": _headcount,
    "craftsmen": makers.make_craftsman,
    "academies": makers.make_academy,
    "tasks": lambda org, **values: makers.make_task(**{"year": localdate().year} | values),
    "targets": lambda org, **values: makers.make_target(org=org, **{"indicator": next(_codes), **values}),
}
CITY_WIDE = {"honour-titles", "teams", "tasks"}  # kept by the city, seen by every unit


def specimen(slug, org, **values):
    """Return a saved record of the register ``slug`` that belongs to ``org`` (city-wide ones to the city)."""
    return SPECIMENS[slug](org=org, **values)

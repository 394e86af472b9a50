"""Constraint conditions judged in memory say what the database says, or leave it to the database."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.models import F, Q, Value

from actions.models import Event, TenOne
from models_app.models import Honour
from mofu.registers.sheets import conditions
from mofu.registers.sheets.constraints import Constraints

EARLY, LATE = date(2024, 6, 1), date(2024, 6, 30)
RECORDS = [
    Event(kind=kind, destination=destination, date=EARLY, end_date=end)
    for kind in ("session", "visit", "")
    for destination in ("", "enterprise")
    for end in (None, EARLY, LATE, date(2024, 5, 1))
]
RECORDS += [TenOne(led_by_id=led, lead_kind=kind) for led in (None, 7) for kind in ("", "class")]
RECORDS += [
    Honour(revoked=revoked, revoked_reason=text) for revoked in (True, False) for text in ("", "原因")
]


@pytest.mark.django_db
@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_memory_and_database_agree(record):
    for rule in Constraints(type(record))._checks:
        known = conditions.verdict(rule.condition, record)
        fields = [record._meta.get_field(name) for name in rule.condition.referenced_base_fields]
        values = {field.name: Value(getattr(record, field.attname), field) for field in fields}
        assert known is rule.condition.check(values), rule.name


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (Q(date__gte=F("end_date")), None),  # NULL: neither true nor false
        (Q(end_date__isnull=True) | Q(date__gte=F("end_date")), True),
        (Q(end_date__isnull=False) & Q(date__gte=F("end_date")), False),
        (~Q(date__gte=F("end_date")), None),
        (Q(title__startswith="甲"), None),
        (Q(title__gte="甲"), None),
        (Q(kind__in=["session", "visit"]), True),
        (~Q(kind__in=["visit"]), True),
        (Q(org__name="甲"), None),
        (Q(date=F("org__date")), None),
        (Q(kind="session") ^ Q(title=""), None),
        (Q(date__lt=LATE, date__gt=EARLY), False),
        (Q(audience="1"), None),
    ],
)
def test_what_is_not_certain_is_left_to_the_database(condition, found):
    event = Event(kind="session", title="甲", date=EARLY, end_date=None, audience=1)
    assert conditions.verdict(condition, event) is found

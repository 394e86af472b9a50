"""Forms of the registers: what pickers show, and what an edit form costs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.models import EventPart, StudioMember
from tests.makers import make_assistance, make_event, make_laureate, make_studio, make_worker


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def event_with(org, number):
    event = make_event(org=org, laureates=[make_laureate(org=org) for _ in range(number)])
    return f"/events/{event.pk}/edit/"


def assistance_with(org, number):
    record = make_assistance(org=org, laureates=[make_laureate(org=org) for _ in range(number)])
    return f"/assistance/{record.pk}/edit/"


def studio_with(org, number):
    """Members of both kinds: two pickers in one row."""
    studio = make_studio(org=org)
    for _ in range(number):
        StudioMember(studio=studio, laureate=make_laureate(org=org)).save()
        StudioMember(studio=studio, worker=make_worker(org=org)).save()
    return f"/studios/{studio.pk}/edit/"


@pytest.mark.parametrize("form_with", [event_with, assistance_with, studio_with])
def test_edit_form_costs_the_same_queries_for_one_and_three_rows(form_with, cast, signed_in):
    for user in (cast.city, cast.county):
        client = signed_in(user)
        assert queries(client, form_with(cast.dongtai, 1)) == queries(client, form_with(cast.dongtai, 3))


def test_rows_show_whom_they_hold_even_out_of_sight(cast, signed_in):
    ours, theirs = (
        make_laureate(org=cast.dongtai, name="东台某"),
        make_laureate(org=cast.sheyang, name="射阳某"),
    )
    event = make_event(org=cast.dongtai, laureates=[ours, theirs])
    page = signed_in(cast.county).get(f"/events/{event.pk}/edit/")
    formset = page.context["formsets"][0][1]
    shown = [str(form["laureate"]) for form in formset.forms]
    assert "东台某" in shown[0]
    assert "射阳某" not in shown[0]
    assert "射阳某" in shown[1]
    assert "某" not in shown[2]


def test_a_sent_key_out_of_sight_shows_no_name(cast, signed_in):
    """A refused form is shown again with what was sent; a guessed key must not be answered with a name."""
    hidden = make_laureate(org=cast.sheyang, name="射阳某")
    seen = make_laureate(org=cast.dongtai, name="东台某")
    rows = {
        f"participation-{number}-{name}": value
        for number, person in enumerate((seen, hidden))
        for name, value in (("laureate", person.pk), ("part", EventPart.ATTENDEE), ("note", ""))
    }
    data = {"participation-TOTAL_FORMS": 2, "participation-INITIAL_FORMS": 0, **rows, "title": ""}
    answer = signed_in(cast.county).post("/events/new/", data)
    assert answer.status_code == 422
    assert "东台某" in answer.content.decode()
    assert "射阳某" not in answer.content.decode()

"""Mutated forms and addresses: whatever is sent, the answer is a page that says what is wrong, never an error 500.

``FUZZ_EXAMPLES=2000`` tries as many as the figures ask for; by default a few, so that the suite stays quick.
"""

from __future__ import annotations

import os

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mofu.registers.models import SavedView
from mofu.registers.records import ReviewState
from mofu.registers.register import REGISTERS
from tests import makers
from tests.fuzz.forms import Forms
from tests.fuzz.values import texts
from tests.planted.pages import walk
from tests.planted.test_pages import STARTS, no_file, starts
from tests.specimens import SPECIMENS, specimen

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "60"))
ANY_TIME = settings(
    max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
LEFT_OUT = (
    "/logout/",
    "/password/",
    "/account/",
    "/large-text/",
)  # they end or change the session that fuzzes
NAMES = ["q", "org", "year", "month", "page", "sort", "size", "view", "tab", "indicator", "review_state", "export", "span", "subject", "pk", "units", "next", "day", "kind"]  # fmt: skip


@pytest.fixture
def clients(cast):
    """The city's clerk and an administrator, each with every record; a failing view answers 500 instead of raising."""
    for slug in SPECIMENS:
        specimen(slug, cast.dongtai)
    for state in (ReviewState.DRAFT, ReviewState.PENDING):
        makers.make_event(
            org=cast.dongtai, review_state=state, laureates=[makers.make_laureate(org=cast.dongtai)]
        )
    makers.make_laureate(org=cast.dongtai, name="周海", birth_date="1970")
    makers.make_laureate(org=cast.dongtai, name="周海", birth_date="1970-05-01")
    SavedView.objects.create(slug="laureates", name="视图", owner=cast.city, columns=[["name", ""]])
    found = []
    for user in (cast.city, cast.admin):
        client = Client(raise_request_exception=False)
        client.force_login(user)
        found.append(client)
    return found


class Undone(Exception):
    """Ends a transaction that shall leave nothing."""


def answer(ask):
    """Ask within a transaction that is taken back, so that each example finds the same records."""
    try:
        with transaction.atomic():
            response = ask()
            raise Undone
    except Undone:
        return response


def fault(response):
    if response.status_code >= 500 and getattr(response, "exc_info", None):
        raise response.exc_info[1]
    return response.status_code >= 500


def forms_of(client):
    found = {}
    for address, response, page in walk(client, starts(), kept=no_file):
        if page and response.status_code == 200:
            for form in Forms(address, response.content.decode()).forms:
                if not form.action.startswith(LEFT_OUT):
                    found.setdefault(
                        (form.action.split("?")[0], form.method, *sorted(form.names)), (client, form)
                    )
    return list(found.values())


@st.composite
def mutations(draw, form):
    """The form as sent, a few fields changed, dropped, doubled or added."""
    sent, names = list(form.sent), sorted(form.names) or ["x"]
    for _ in range(draw(st.integers(1, 4))):
        name, text = draw(st.sampled_from(names)), draw(texts)
        kind = draw(st.sampled_from(["change", "change", "change", "drop", "double", "add"]))
        if kind in ("change", "drop"):
            sent = [(known, value) for known, value in sent if known != name]
        if kind == "add":
            name = draw(
                st.sampled_from(
                    [*NAMES, "review_state", "created_by", "form-TOTAL_FORMS", f"{name}x", "action", "submit"]
                )
            )
        if kind != "drop":
            sent.append((name, text))
    data = {}
    for name, value in sent:
        data.setdefault(name, []).append(value)
    return data


def test_no_form_ends_in_an_error(clients):
    forms = [found for client in clients for found in forms_of(client)]
    assert len(forms) >= 120

    @ANY_TIME
    @given(st.data())
    def send(data):
        client, form = data.draw(st.sampled_from(forms))
        sent = data.draw(mutations(form))
        ask = client.post if form.method == "post" else client.get
        assert not fault(answer(lambda: ask(form.action, sent)))

    send()


def test_no_address_ends_in_an_error(clients, cast):
    city = clients[0]
    addresses = [*STARTS, *(f"/reports/{kind}/" for kind in ("annual", "board", "roster", "action")), "/reports/registration/file.docx", "/health/"]  # fmt: skip
    addresses += [
        register.url(page)
        for register in REGISTERS.values()
        for page in ("list", "pick", "export", "new", "views")
    ]
    filters = sorted({name for register in REGISTERS.values() for name in register.filterset.base_filters})

    @ANY_TIME
    @given(
        st.sampled_from(addresses),
        st.dictionaries(st.sampled_from(NAMES + filters), texts, min_size=1, max_size=4),
    )
    def ask(address, question):
        assert not fault(answer(lambda: city.get(address, question)))

    ask()


def test_no_path_ends_in_an_error(clients):
    @ANY_TIME
    @given(
        st.sampled_from(sorted(REGISTERS)),
        st.lists(
            st.one_of(texts, st.sampled_from(["edit", "new", "delete", "files", "1", "import"])), max_size=3
        ),
    )
    def ask(slug, parts):
        assert not fault(answer(lambda: clients[0].get("/" + "/".join([slug, *parts]) + "/")))

    ask()

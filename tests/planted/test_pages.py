"""Scripts written into every text column stay text on every page that every role can reach."""

from __future__ import annotations

import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from actions.models import Event
from mofu.accounts.models import User
from mofu.registers.register import REGISTERS
from tests.makers import PASSWORD
from tests.planted import planting
from tests.planted.pages import Page, is_page, view_of, walk
from tests.planted.scripts import SCRIPTS
from tests.registers.sheets_of import workbook_bytes

ROUNDS = int(os.environ.get("PLANTED_ROUNDS", "1"))
EACH = 1 if ROUNDS == 1 else 3  # pages of each kind
STARTS = ("/", "/actions/", "/people/", "/screen/", "/reports/", "/review/", "/returned/", "/trail/", "/jobs/", "/duplicates/",
          "/duplicates/dismissed/", "/duplicates/merges/", "/accounts/", "/system/", "/account/sessions/", "/account/2fa/",
          "/reports/settings/", "/password/")  # fmt: skip
FILES = (".pdf", ".docx", ".xlsx", "export=xlsx")


@pytest.fixture
def demo(transactional_db):
    call_command("load_demo", laureates=40, password=PASSWORD, verbosity=0)
    return {user.username: user for user in User.objects.all()}


def no_file(address):
    return not any(end in address for end in FILES)


def starts():
    return [*STARTS, *(f"{register.url('list')}?size=200" for register in REGISTERS.values())]


def test_there_are_two_hundred_scripts():
    assert len(set(SCRIPTS)) >= 200


def test_every_text_column_stays_text_on_every_page(demo, signed_in, record_testsuite_property):
    found, seen, done = [], set(), set()
    planting.plant_leftovers(SCRIPTS[:40], demo["city"])
    planting.plant_trail(SCRIPTS, Event.everything.first(), demo["city"])
    for number in range(ROUNDS):
        done |= planting.plant(SCRIPTS, offset=number * 83)
        for name in ("city", "county", "leader", "auditor", "admin"):
            client = signed_in(User.objects.get(username=name))
            for address, response, page in walk(
                client, starts(), each=EACH, by_question=ROUNDS > 1, kept=no_file
            ):
                seen.add(view_of(address))
                if response.status_code >= 500:
                    found.append((name, address, response.status_code))
                if page:
                    found += [(name, address, fault) for fault in page.faults]
    assert found == [], "\n".join(map(str, found[:40]))
    assert len(seen) >= 150, sorted(seen)
    assert {text for _, text in done} == set(SCRIPTS)
    assert {column for column, _ in done} >= {
        f"models_app.Laureate.{name}" for name in ("name", "deeds", "note", "return_reason")
    }
    record_testsuite_property("planted", f"{len(done)} pairs of column and text, {len(seen)} views")


@pytest.mark.parametrize("script", [script for script in SCRIPTS if "<script>alert" in script and "CDATA" not in script] + ["<svg onload=alert(1)>", "<a href=javascript:alert(1)>", "<link rel=stylesheet href=//127.0.0.1:9/x>"])  # fmt: skip
def test_a_page_that_forgot_to_escape_would_be_noticed(script):
    assert Page(f"<p>{script}</p>").faults


NAMES = ("q", "org", "year", "tab", "view", "sort", "next", "indicator", "name", "position", "size", "page")


@pytest.mark.parametrize(
    "address", ["/laureates/", "/laureates/new/", "/actions/", "/trail/", "/reports/", "/login/"]
)
def test_what_an_address_says_stays_text(address, cast, signed_in):
    """Each script in one name of the question, and each in the search box."""
    client = signed_in(cast.admin if address == "/trail/" else cast.city)
    for at, script in enumerate(SCRIPTS if ROUNDS > 1 else SCRIPTS[::6]):
        response = client.get(address, {NAMES[at % len(NAMES)]: script, "q": script})
        assert response.status_code < 500
        assert not is_page(response) or Page(response.content.decode()).faults == [], (address, script)


def test_what_a_workbook_says_stays_text(cast, signed_in):
    """Heads, cells, sheet and file name of an import, on its preview, its questions, its refusals and its end."""
    client, faults = signed_in(cast.city), []
    for part in range(0, len(SCRIPTS), 80):
        scripts = [legible(script) for script in SCRIPTS[part : part + 80]]
        rows = [
            ["姓名", "工作单位", "类别", "职务", *scripts[:3]],
            *([text, text, text, text, text] for text in scripts),
        ]
        content = workbook_bytes(*rows, ["", "东台市", "劳动模范"], title="x<b>y")
        upload = SimpleUploadedFile(f"{scripts[-1]}.xlsx".replace("/", ""), content)
        response = client.post("/laureates/import/", {"file": upload}, follow=True)
        assert response.status_code == 200, response.content.decode()
        batch = response.redirect_chain[-1][0]
        for _, answer, page in walk(
            client, [batch, f"{batch}?tab=errors"], each=2, by_question=True, kept=lambda to: "/import/" in to
        ):
            assert answer.status_code < 500
            faults += page.faults if page else []
        faults += Page(client.post(batch, {"action": "draft"}, follow=True).content.decode()).faults
    assert faults == []


def legible(text):
    """What a workbook can hold of a text: XML knows no control characters."""
    return "".join(letter for letter in text if letter >= " ")

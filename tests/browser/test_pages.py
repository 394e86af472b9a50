"""Every page for every role, on a desk and on a phone: fits, is accessible, works by keyboard and without JavaScript."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.management import call_command

from actions.models import Event
from models_app.models import Laureate
from mofu.accounts.models import Organization
from tests.browser.conftest import DESK, PHONE
from tests.makers import PASSWORD, made_id_number

DEMO_PASSWORD = PASSWORD
SHARED = (
    "/",
    "/actions/",
    "/actions/six-ins/",
    "/actions/assist-enterprise/",
    "/actions/mentoring/",
    "/actions/craftsmen/",
    "/actions/double-strive/",
    "/screen/",
    "/reports/",
    "/health/",
)
RECORDS = ("/tasks/", "/laureates/", "/events/", "{laureate}", "{event}", "{task}")
FORMS = ("/laureates/new/", "/events/new/", "{laureate}edit/", "{laureate}delete/")
PAGES = {
    "city": (*SHARED, *RECORDS, *FORMS, "/review/", "/targets/", "/organizations/"),
    "county": (*SHARED, *RECORDS, *FORMS, "/returned/", "{laureate}history/"),
    "county2": (*SHARED, "/laureates/"),
    "leader": (*SHARED, *RECORDS),
    "auditor": (*SHARED, "/trail/"),
    "admin": (*SHARED, *RECORDS, "/trail/", "/admin/", "/admin/actions/target/"),
}
# Rules not asked of a page, with the reason.
EXEMPT = {
    "/admin/": "Django's own pages; their markup is not ours",
    "/health/": "a line of JSON for machines",
}
AXE = Path(settings.BASE_DIR, "node_modules/axe-core/axe.min.js")
RUN_AXE = """() => axe.run(document, {resultTypes: ["violations"], preload: false}).then(found => found.violations
  .filter(fault => ["serious", "critical"].includes(fault.impact))
  .map(fault => `${fault.id}: ${fault.nodes.slice(0, 3).map(node => node.target.join(" ")).join(" | ")}`))"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def demo(transactional_db):
    """The demo with 60 laureates: long names, many rows, every noun."""
    call_command("load_demo", laureates=60, password=DEMO_PASSWORD, verbosity=0)


def address(template, role):
    """Return a page's address with records the role may open filled in."""
    if "{" not in template:
        return template
    dongtai = Organization.everything.get(code="320981")
    laureate = Laureate.everything.within(dongtai.path).approved().order_by("pk").first()
    event = Event.everything.within(dongtai.path).approved().order_by("pk").first()
    return template.format(laureate=f"/laureates/{laureate.pk}/", event=f"/events/{event.pk}/", task="/tasks/1/")


def complaints(page, where):
    """Return what is wrong with the open page on a desk and on a phone."""
    exempt = any(where.startswith(start) for start in EXEMPT)
    if not exempt:
        page.evaluate(AXE.read_text("utf-8"))
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        wider = page.evaluate(OVERFLOW)
        if wider > 0:
            yield f"{where} at {size['width']}: {wider} px too wide"
        for fault in [] if exempt else page.evaluate(RUN_AXE):
            yield f"{where} at {size['width']}: {fault}"
    page.set_viewport_size(DESK)


def test_pages_fit_and_are_accessible_for_every_role(demo, staff, new_page):
    found = []
    sign_in_page = new_page()
    sign_in_page.goto("/login/")
    found += complaints(sign_in_page, "/login/")
    for role, templates in PAGES.items():
        person = staff(role, password=DEMO_PASSWORD)
        for template in templates:
            where = address(template, role)
            answer = person.page.goto(where)
            if answer.status != 200:
                found.append(f"{role} {where}: {answer.status}")
                continue
            found += [f"{role} {complaint}" for complaint in complaints(person.page, where)]
    assert not found, "\n".join(found)

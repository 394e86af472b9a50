"""Scripts written into every text column run on no page: Chromium shows no dialog and reports no breach of the policy.

Every kind of page is opened, lists and records of every register, charts under the pointer, pickers as one types.
"""

from __future__ import annotations

import pytest
from django.core.management import call_command

from actions.models import Event
from mofu.accounts.models import User
from mofu.registers.register import REGISTERS
from tests.makers import PASSWORD
from tests.planted import planting
from tests.planted.pages import view_of
from tests.planted.scripts import SCRIPTS
from tests.planted.test_pages import STARTS, no_file

pytestmark = pytest.mark.browser
WHOLE = ("laureates", "events")  # registers of which every page is opened
ALWAYS = ("list", "detail", "edit")  # pages opened of all the others
FOREIGN = """() => [...document.querySelectorAll("*")].filter(element =>
  [...element.attributes].some(({name, value}) => name.startsWith("on") || name.startsWith("hx-on")
    || (["href", "src", "action", "formaction"].includes(name) && /^\\s*(javascript|vbscript|data:text)/i.test(value)))
  || element.matches("iframe, object, embed, base, marquee, math, xss, img[src=x], script:not([src]):not([type='application/json'])"))
  .map(element => element.outerHTML.slice(0, 200))"""
LINKS = "() => [...document.links].filter(link => link.origin === location.origin).map(link => link.pathname + link.search)"
POINTS = [(x / 6, y / 4) for x in range(1, 6) for y in range(1, 4)]  # shares of a chart's width and height


@pytest.fixture
def planted(transactional_db):
    call_command("load_demo", laureates=40, password=PASSWORD, verbosity=0)
    city = User.objects.get(username="city")
    planting.plant_leftovers(SCRIPTS[:20], city)
    planting.plant_trail(SCRIPTS, Event.everything.first(), city)
    planting.plant(SCRIPTS)


def wanted(address):
    """Whether a page is one of those to open."""
    view = view_of(address)
    slug, _, page = view.removeprefix("registers:").rpartition("-")
    return bool(view) and no_file(address) and (slug not in REGISTERS or slug in WHOLE or page in ALWAYS)


def point_at_charts(page):
    """Put the pointer on every chart, here and there, so that its tool tips show."""
    for figure in page.locator("[data-chart]").all():
        figure.scroll_into_view_if_needed()
        canvas = figure.locator("canvas").first
        canvas.wait_for()
        box = canvas.bounding_box()
        for across, down in POINTS:
            page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])


def type_into_pickers(page):
    """Let every picker of the form offer what it has."""
    for control in page.locator("form[method=post] .ts-control").all()[:6]:
        if control.is_visible():
            control.click()
            page.keyboard.type("<")
            page.wait_for_timeout(400)
            page.keyboard.press("Escape")


@pytest.mark.parametrize("role", ["city", "admin"])
def test_nothing_planted_runs(role, planted, staff, faults):
    page, dialogs, found, done = staff(role, password=PASSWORD).page, [], [], set()
    page.on(
        "dialog",
        lambda dialog: (dialog.type == "beforeunload" or dialogs.append(dialog.message), dialog.accept()),
    )
    queue = [*STARTS, *(f"{register.url('list')}?size=200" for register in REGISTERS.values())]
    while queue:
        address = queue.pop(0)
        if view_of(address) in done or not wanted(address):
            continue
        done.add(view_of(address))
        if page.goto(address).status != 200:
            continue
        point_at_charts(page)
        if address.endswith(("/new/", "/edit/")):
            type_into_pickers(page)
        found += [(address, element) for element in page.evaluate(FOREIGN)]
        queue += page.evaluate(LINKS)
    faults[:] = [fault for fault in faults if "status of 403" not in fault]  # pages of other roles say so
    assert dialogs == []
    assert found == []
    missed = {f"registers:{slug}-{page}" for slug in REGISTERS for page in ALWAYS} - done
    assert role != "city" or not missed, missed
    assert len(done) >= 40

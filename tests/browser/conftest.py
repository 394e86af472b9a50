"""A real Chromium for the tests in this folder, over a live server on a database file of its own.

Every page fails its test on a Content-Security-Policy violation, a console error or a page error.
"""

from __future__ import annotations

import os

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import sync_playwright

from actions.reference import load_reference
from mofu.accounts.models import Organization, Role
from tests.browser.staff import Staff
from tests.makers import PASSWORD, make_user

DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
WALL = {"width": 1920, "height": 1080}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
WATCH_CSP = """
document.addEventListener("securitypolicyviolation",
  (event) => console.error(`CSP ${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
"""


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory, django_db_modify_db_settings_parallel_suffix):
    """Keep the live server's SQLite in a file: each thread needs a connection of its own."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "browser.sqlite3")


@pytest.fixture(scope="session")
def chromium():
    """The browser, started once. Playwright runs an event loop in this thread, which Django takes for async code."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    executable = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def town(transactional_db):
    """The association as it starts: reference data, the city's clerk, the clerks of 东台 and 射阳, other roles."""
    load_reference(timezone.localdate())
    units = {unit.code: unit for unit in Organization.everything.all()}
    make_user(Role.CITY, username="city", name="市级张三")
    make_user(Role.COUNTY, units["320981"], username="county", name="东台李四")
    make_user(Role.COUNTY, units["320924"], username="county2", name="射阳王五")
    for role in (Role.LEADER, Role.AUDITOR, Role.ADMIN):
        make_user(role, username=role.value)
    return units


@pytest.fixture
def faults():
    """What went wrong in any page of the test; a test that expects an error answer takes it out again."""
    return []


@pytest.fixture
def new_page(chromium, live_server, faults):
    """Return a function that opens a page of a new browser session; all of them are watched."""
    contexts = []

    def open_page(**options):
        context = chromium.new_context(
            base_url=live_server.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **{"viewport": DESK} | options,
        )
        context.set_default_timeout(10_000)
        context.add_init_script(WATCH_CSP)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on("console", lambda line: line.type == "error" and faults.append(f"{page.url}: {line.text}"))
        page.on("requestfailed", lambda request: _failed(request, faults))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def _failed(request, faults):
    """Note requests that could not be made; the browser itself ends those of a page it leaves, and downloads."""
    if request.failure != "net::ERR_ABORTED":
        faults.append(f"{request.url}: {request.failure}")


@pytest.fixture
def page(new_page):
    """One page, nobody signed in."""
    return new_page()


@pytest.fixture
def staff(new_page, faults):
    """Return a function that signs a member of staff in through the form and returns their desk (:class:`Staff`)."""

    def sign_in(username, password=PASSWORD, **options):
        page = new_page(**options)
        person = Staff(page, faults)
        person.sign_in(username, password)
        return person

    return sign_in

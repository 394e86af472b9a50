"""Where scoped systems leaked (4): what is kept for later, in the cache of the server and in the browser."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache

from mofu.accounts.models import Role
from mofu.registers.models import Job
from tests import makers
from tests.access.asking import ask, logged
from tests.access.cases import KNOWN, Case
from tests.access.doors import CLERK, steady
from tests.access.table import LINES

pytestmark = pytest.mark.django_db

WITHOUT_OBJECT = ["/", "/actions/", "/actions/mentoring/", "/people/", "/screen/", "/reports/", "/reports/circular/?year=2024&span=year",
                  "/laureates/", "/laureates/pick/", "/studios/", "/events/new/", "/duplicates/", "/jobs/"]  # fmt: skip


def test_a_warm_cache_shows_nobody_anothers_page(world):
    cache.clear()
    cold = {address: steady(world.client(CLERK).get(address)) for address in WITHOUT_OBJECT}
    for other in ("city staff", "enterprise clerk", "county leader"):
        for address in WITHOUT_OBJECT:
            world.client(other).get(address)
            page = world.client(CLERK).get(address)
            assert steady(page) == cold[address], (other, address)
            assert "Cookie" in page["Vary"]


def test_nothing_that_depends_on_who_asks_is_put_into_the_cache():
    """Only the progress of jobs (shown to their owner), the state of the installation, and drawings under the digest of all
    that is drawn travel through it: whoever has no sight of the figures does not find the drawing."""
    uses, folders = set(), ("mofu", "models_app", "actions")
    for path in [path for folder in folders for path in Path(settings.BASE_DIR, folder).rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            module = getattr(node, "module", "") or ""
            if isinstance(node, ast.ImportFrom) and ("core.cache" in module or "decorators.cache" in module):
                uses |= {(path.relative_to(settings.BASE_DIR).as_posix(), name.name) for name in node.names}
    assert uses - {("mofu/urls.py", "never_cache"), ("mofu/entrance/views/door.py", "never_cache")} == {
        ("mofu/registers/jobs.py", "cache"), ("mofu/operations/health.py", "cache"), ("mofu/documents/echarts.py", "cache"),
    }  # fmt: skip
    templates = list(Path(settings.BASE_DIR, "templates").rglob("*.html"))
    assert [
        path.name for path in templates if re.search(r"{%\s*(load\s+cache|cache\s)", path.read_text("utf-8"))
    ] == []
    assert not [name for name in settings.MIDDLEWARE if "cache" in name.lower()]


def addresses(persona):
    """Return one case for every named address, with own things where it names some."""
    for name, lines in LINES.items():
        for line in (
            lines[:1] if name in KNOWN and not re.match("admin:.*_(add|change|delete|history)$", name) else ()
        ):
            if not line.anyone:
                yield Case(name, line, persona, "own" if line.of else "", "GET")


@pytest.mark.parametrize("persona", [CLERK, "city admin"])
def test_no_page_of_a_signed_in_user_stays_in_the_browser(persona, world):
    """Going back after signing out shows nothing: no-store on every page, on files and refusals as well."""
    cases = list(addresses(persona))
    assert len(cases) > 200
    with logged():
        kept = [str(case) for case in cases if not _is_unstored(ask(world, persona, "GET", case.url(world)))]
    assert kept == []
    answer = ask(world, persona, "POST", "/logout/")
    assert '"cache", "storage"' in answer.text


def _is_unstored(answer):
    found = re.search(r"\('Cache-Control', '([^']*)'\)", answer.text)
    return found is not None and {"no-store", "private"} <= set(found[1].replace(",", "").split())


def test_the_browser_keeps_no_copies_of_pages_for_going_back():
    """htmx would keep pages it put into the history; nothing of ours asks it to."""
    templates = Path(settings.BASE_DIR, "templates").rglob("*.html")
    pushing = [
        path.name
        for path in templates
        if re.search("hx-(push-url|replace-url|boost)", path.read_text("utf-8"))
    ]
    assert pushing == []


def test_work_of_nobody_is_listed_for_nobody(cast, signed_in):
    stranger = makers.make_user(Role.COUNTY, None)
    Job.objects.create(kind="export", title="鸿雁导出", owner=cast.other)
    for user in (stranger, cast.county, cast.admin):
        assert "鸿雁导出" not in signed_in(user).get("/jobs/").content.decode()

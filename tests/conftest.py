"""The cast: who takes part in the tests, and how they sign in."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import resolve

from mofu.accounts import trail_guard, trail_versions
from mofu.accounts.models import Organization, Role, User
from mofu.registers.models import SavedView
from tests.makers import city, make_org, make_user


@dataclass
class Cast:
    """Everybody the tests know: rights differ by role, rows by unit."""

    dongtai: Organization
    sheyang: Organization
    city: User
    county: User
    other: User
    leader: User
    auditor: User
    admin: User
    stranger: User


@pytest.fixture
def cast(db) -> Cast:
    """The city's clerk, the clerks of 东台 and 射阳, leader, auditor, admin, and a stranger without organisation."""
    city()
    dongtai = make_org(name="东台市", code="320981")
    sheyang = make_org(name="射阳县", code="320924")
    return Cast(
        dongtai=dongtai,
        sheyang=sheyang,
        city=make_user(Role.CITY, username="city", name="市级张三"),
        county=make_user(Role.COUNTY, dongtai, username="county", name="东台李四"),
        other=make_user(Role.COUNTY, sheyang, username="county2", name="射阳王五"),
        leader=make_user(Role.LEADER, username="leader"),
        auditor=make_user(Role.AUDITOR, username="auditor"),
        admin=make_user(Role.ADMIN, username="admin"),
        stranger=make_user(Role.COUNTY, None, username="stranger"),
    )


class Browser(Client):
    """A client that sends along what every form of ours carries: which version of the record its page showed.

    It is as if each form was opened the moment before; a test of stale forms sends ``seen`` itself.
    """

    def post(self, path, data=None, *args, **kwargs):
        if data is None or (isinstance(data, dict) and "seen" not in data):
            found = resolve(path.partition("?")[0])
            register = getattr(found.func, "view_initkwargs", {}).get("register")
            seen = self._seen_of_report(path, found, data or {}) or self._seen(path, found, register)
            data = {**(data or {}), **({} if seen is None else {"seen": seen})}
        return super().post(path, data, *args, **kwargs)

    def _seen_of_report(self, path, found, data):
        if found.url_name not in ("report-passage", "report-draft", "report-freeze"):
            return None
        page = self.get(f"/reports/{found.kwargs['kind']}/?{path.partition('?')[2]}").context or {}
        shown = {passage.key: passage.seen for passage in page.get("passages", ())}
        told = {"report-draft": page.get("seen_head"), "report-freeze": page.get("seen_paper")}
        return told.get(found.url_name) or shown.get(data.get("key"), "")

    def _seen(self, path, found, register):
        if (admin := getattr(found.func, "model_admin", None)) and "object_id" in found.kwargs:
            return trail_versions.version(admin.model, found.kwargs["object_id"])
        if found.url_name == "report-settings":
            return (self.get(path).context or {}).get("seen")
        if found.url_name == "account-edit":
            return trail_versions.version(User, found.kwargs["pk"])
        if register is None:
            return None
        if "pk" not in found.kwargs:
            return trail_versions.page_version()
        model = SavedView if found.url_name.endswith("-view") else register.model
        return trail_versions.version(model, found.kwargs["pk"])


@pytest.fixture
def signed_in():
    """Return a function that gives a client signed in as a user."""

    def sign_in(user: User) -> Client:
        client = Browser()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture(autouse=True)
def media_in_temporary_folder(settings, tmp_path):
    """Keep uploaded files of tests out of the installation."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Forget what the cache holds of the test before: keys of jobs come again after a rollback."""
    cache.clear()


def unguarded():
    """Take the triggers of the trail away, as whoever has the database's password could; migrations bring them back."""
    with connection.cursor() as cursor:
        for statement in trail_guard.STATEMENTS[connection.vendor]():
            if statement.startswith("drop trigger "):
                cursor.execute(statement)


@pytest.fixture(autouse=True)
def trail_can_be_flushed(request):
    """After a test with real transactions all tables are emptied, which the trail refuses."""
    marker = request.node.get_closest_marker("django_db")
    if not (marker and marker.kwargs.get("transaction")) and "transactional_db" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    unguarded()

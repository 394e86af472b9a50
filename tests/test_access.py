"""Every address × role × own or foreign record: the matrix, generated from the resolver."""

from __future__ import annotations

import pytest
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from mofu.accounts.models import Role, TrailEntry
from mofu.registers.register import REGISTERS
from tests.makers import make_laureate, make_measure, make_org, make_user
from tests.specimens import CITY_WIDE, SPECIMENS, specimen

READ = {"list", "pick", "detail", "history", "views"}
WRITE = {"new", "edit", "delete", "import", "template", "batch-edit"}  # GET of batch leads back to the list
OUT = {"export"}
WITHOUT_RECORD = ("list", "pick", "new", "import", "template", "views", "export", "batch-edit")
OWN_IMPORTS = {"batch", "refused"}  # the importer's alone: tests/registers/test_imports.py
POST_ONLY = {"columns", "reveal", "files", "bulk", "submit", "approve", "return"}
CITY_PAGES = {"erase"}  # tests/models_app/test_erasing.py
OWN_VIEWS = {"view"}  # the owner's alone: tests/registers/test_saved_views.py
KEEPERS_ONLY = {"consents", "care-files"}  # signed papers: whoever keeps personal data
TAKES_OUT = {Role.CITY, Role.COUNTY, Role.LEADER}
SEES = {Role.CITY, Role.COUNTY, Role.LEADER, Role.ADMIN}
SHARED = {
    # name: roles that may open it (GET)
    "actions:home": set(Role),
    "actions:index": set(Role),
    "actions:campaign": set(Role),
    "actions:screen": set(Role),
    "actions:people": set(Role),
    "actions:reports": set(Role),
    "actions:annual": {Role.CITY, Role.COUNTY, Role.LEADER},
    "actions:report-settings": {Role.CITY},
    "entrance:accounts": {Role.ADMIN},
    "registers:inbox": {Role.CITY},
    "registers:returned": {Role.CITY, Role.COUNTY},
    "registers:trail": {Role.AUDITOR, Role.ADMIN},
    "registers:jobs": set(Role),
    "registers:duplicates": {Role.CITY, Role.COUNTY},
    "registers:distinct": {Role.CITY, Role.COUNTY},
    "registers:merges": {Role.CITY, Role.COUNTY},
}
OTHERWISE_TESTED = {
    "entrance:account-new": "role × unit, asks for the password again: tests/entrance/test_accounts.py",
    "entrance:account": "role × unit: tests/entrance/test_accounts.py",
    "entrance:account-edit": "role × unit, asks for the password again: tests/entrance/test_accounts.py",
    "entrance:account-password": "POST only: tests/entrance/test_accounts.py",
    "entrance:account-factor": "POST only: tests/entrance/test_accounts.py",
    "entrance:account-sessions": "POST only: tests/entrance/test_accounts.py",
    "entrance:account-disable": "POST only: tests/entrance/test_accounts.py",
    "entrance:account-enable": "POST only: tests/entrance/test_accounts.py",
    "actions:report": "kind × role × unit: tests/actions/reports/test_pages.py",
    "actions:report-file": "kind × role × unit: tests/actions/reports/test_pages.py",
    "actions:report-passage": "POST only: tests/actions/reports/test_issuing.py",
    "actions:report-draft": "POST only: tests/actions/reports/test_issuing.py",
    "actions:report-freeze": "POST only: tests/actions/reports/test_issuing.py",
    "actions:frozen": "a frozen report: tests/actions/reports/test_issuing.py",
    "actions:frozen-file": "a frozen report: tests/actions/reports/test_issuing.py",
    "registers:trail-entry": "auditor and admin alone: tests/registers/test_trail_pages.py",
    "registers:trail-export": "POST only, auditor and admin alone: tests/registers/test_trail_pages.py",
    "registers:large_text": "POST only, own session: tests/registers/test_pages.py",
    "registers:job": "the owner's alone: tests/registers/test_jobs.py",
    "registers:job-cancel": "the owner's alone: tests/registers/test_jobs.py",
    "registers:job-again": "the owner's alone: tests/registers/test_jobs.py",
    "registers:job-result": "the owner's alone: tests/registers/test_jobs.py",
    "registers:merge": "two records: tests/registers/test_merge_pages.py",
    "registers:merge-distinct": "two records: tests/registers/test_duplicates.py",
    "registers:distinct-back": "tests/registers/test_duplicates.py",
    "registers:merge-undo": "tests/registers/test_merge_pages.py",
    "registers:file": "tests/registers/test_pages.py: evidence",
    "registers:file-delete": "tests/registers/test_pages.py: evidence",
}
ROLES = {
    "city": Role.CITY,
    "county": Role.COUNTY,
    "leader": Role.LEADER,
    "auditor": Role.AUDITOR,
    "admin": Role.ADMIN,
}


def _names(resolver, prefix=""):
    for item in resolver.url_patterns:
        if isinstance(item, URLResolver) and item.namespace in ("registers", "actions", "entrance"):
            yield from _names(item, f"{item.namespace}:")
        elif isinstance(item, URLPattern) and prefix:
            yield f"{prefix}{item.name}"


def test_every_address_of_ours_is_in_the_matrix():
    pages = READ | WRITE | OUT | POST_ONLY | OWN_IMPORTS | OWN_VIEWS | CITY_PAGES | {"photo"}
    known = (
        {f"registers:{slug}-{page}" for slug in REGISTERS for page in pages}
        | set(SHARED)
        | set(OTHERWISE_TESTED)
    )
    assert set(_names(get_resolver())) <= known


def test_every_register_has_a_specimen():
    assert set(REGISTERS) == set(SPECIMENS)


def _may(role, page, register):
    if register.slug in KEEPERS_ONLY and role not in (Role.CITY, Role.COUNTY):
        return False
    if page in READ:
        return role in SEES
    if page in OUT:
        return role in TAKES_OUT
    return role == Role.CITY or (role == Role.COUNTY and not register.city_only)


def _address(register, page, pk):
    return register.url(page) if page in WITHOUT_RECORD else register.url(page, pk)


@pytest.mark.parametrize("slug", list(REGISTERS))
def test_pages_of_a_register_answer_by_role_and_unit(slug, cast, signed_in):
    register = REGISTERS[slug]
    own, foreign = specimen(slug, cast.dongtai), specimen(slug, cast.sheyang)
    for name, role in ROLES.items():
        client = signed_in(getattr(cast, name))
        for page in sorted(READ | WRITE | OUT):
            allowed = _may(role, page, register)
            found = 302 if page == "batch-edit" else 200
            assert client.get(_address(register, page, own.pk)).status_code == (found if allowed else 403), (
                name,
                page,
            )
            hidden = role == Role.COUNTY and slug not in CITY_WIDE
            if page in WITHOUT_RECORD:
                continue
            expected = 403 if not allowed else 404 if hidden else 200
            assert client.get(_address(register, page, foreign.pk)).status_code == expected, (
                name,
                page,
                "foreign",
            )


@pytest.mark.parametrize("slug", [slug for slug in REGISTERS if slug not in CITY_WIDE])
def test_another_units_rows_never_appear(slug, cast, signed_in):
    register = REGISTERS[slug]
    foreign = specimen(slug, cast.sheyang)
    client = signed_in(cast.county)
    listed = client.get(register.url("list"))
    assert foreign.pk not in [row.pk for row in listed.context["rows"]]
    picked = client.get(register.url("pick")).json()["results"]
    assert foreign.pk not in [row["id"] for row in picked]


@pytest.mark.parametrize("slug", list(REGISTERS))
def test_posting_to_foreign_records_changes_nothing(slug, cast, signed_in):
    register = REGISTERS[slug]
    foreign = specimen(slug, cast.sheyang)
    before = type(foreign)._base_manager.get(pk=foreign.pk)
    client = signed_in(cast.county)
    pages = ["edit", "delete"] + (["submit", "approve", "return"] if register.reviewed else [])
    for page in pages:
        status = client.post(register.url(page, foreign.pk), {"reason": "x"}).status_code
        assert status in (403, 404), page
    kept = type(foreign)._base_manager.get(pk=foreign.pk)
    names = [field.attname for field in kept._meta.concrete_fields]
    assert {name: getattr(kept, name) for name in names} == {name: getattr(before, name) for name in names}


@pytest.mark.parametrize("slug", list(REGISTERS))
def test_anonymous_is_sent_to_sign_in(slug, client, db):
    register = REGISTERS[slug]
    for page in WITHOUT_RECORD:
        response = client.get(register.url(page))
        assert response.status_code == 302
        assert response.url.startswith("/login/")


@pytest.mark.parametrize("name", list(SHARED))
def test_shared_pages_answer_by_role(name, cast, signed_in):
    make_measure()
    addresses = {
        "actions:home": "/", "actions:index": "/actions/", "actions:campaign": "/actions/six-ins/", "actions:screen": "/screen/", "actions:people": "/people/",
        "entrance:accounts": "/accounts/",
        "actions:reports": "/reports/", "actions:annual": "/reports/annual/2024.xlsx", "registers:inbox": "/review/",
        "actions:report-settings": "/reports/settings/", "registers:returned": "/returned/", "registers:trail": "/trail/",
        "registers:jobs": "/jobs/", "registers:duplicates": "/duplicates/",
        "registers:distinct": "/duplicates/dismissed/", "registers:merges": "/duplicates/merges/",
    }  # fmt: skip
    for user, role in ROLES.items():
        expected = 200 if role in SHARED[name] else 403
        assert signed_in(getattr(cast, user)).get(addresses[name]).status_code == expected, user


def test_a_user_without_organisation_sees_nothing(cast, signed_in):
    client = signed_in(cast.stranger)
    assert "尚未分配单位" in client.get("/").content.decode()
    for register in REGISTERS.values():
        assert client.get(register.url("list")).status_code == 403
    for address in (
        "/actions/",
        "/reports/",
        "/screen/",
        "/review/",
        "/returned/",
        "/trail/",
        "/duplicates/",
    ):
        assert client.get(address).status_code == 403


def test_refused_access_leaves_a_trail(cast, signed_in):
    signed_in(cast.leader).get("/laureates/new/")
    entry = TrailEntry.objects.filter(action="refused").get()
    assert entry.actor == cast.leader
    assert "/laureates/new/" in entry.reason


def test_a_unit_below_a_county_sees_its_own_rows_only(cast, signed_in):
    factory = make_org(parent=cast.dongtai, kind="enterprise")
    clerk = make_user(Role.COUNTY, factory)
    mine, parents = make_laureate(org=factory), make_laureate(org=cast.dongtai)
    rows = [row.pk for row in signed_in(clerk).get("/laureates/").context["rows"]]
    assert rows == [mine.pk]
    rows = [row.pk for row in signed_in(cast.county).get("/laureates/").context["rows"]]
    assert sorted(rows) == sorted([mine.pk, parents.pk])

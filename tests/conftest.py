"""The cast: who takes part in the tests, and how they sign in."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.test import Client

from mofu.accounts.models import Organization, Role, User
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


@pytest.fixture
def signed_in():
    """Return a function that gives a client signed in as a user."""

    def sign_in(user: User) -> Client:
        client = Client()
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

"""The world of the access tests is built once for a module; every request happens in a savepoint that is taken back."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings

from tests.access.world import World


@pytest.fixture(scope="module")
def everything(django_db_setup, django_db_blocker, tmp_path_factory):
    """Return the world; nothing of it stays when the module is done."""
    folder = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder), transaction.atomic():
        cache.clear()
        yield World()
        transaction.set_rollback(True)


@pytest.fixture
def world(everything, db):
    """Return the world as it was built: what a test adds is taken back after it."""
    known = dict(everything.things)
    yield everything
    everything.things = known


@pytest.fixture(autouse=True)
def media_in_temporary_folder():
    """The world sees to its own folder, for longer than a test."""

"""The restore drill: 200 MB of records and files are backed up, wiped, restored on a clean machine, compared, and served."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from time import perf_counter
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection

from tests.operations.installations import Installation, on_sqlite

FILES, SIZE = 100, 2_000_000
TEN_MINUTES = 600
_HEALTHY = """
import django; django.setup()
from django.test import Client
client = Client()
assert client.get("/health/").json() == {"status": "ok"}
assert client.post("/login/", {"login": "city", "password": "mofu-demo-2026"}).status_code == 302
assert "下一页" in client.get("/laureates/").content.decode()
"""


@pytest.fixture
def machines(tmp_path):
    """Two installations on the engine the suite runs on; their databases go with the test."""
    if connection.vendor == "sqlite":
        yield on_sqlite(tmp_path / "old"), on_sqlite(tmp_path / "new")
        return
    url = urlsplit(os.environ["DATABASE_URL"])
    names = [f"mofu_drill_{os.getpid()}_{number}" for number in (1, 2)]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        for name in names:
            server.execute(f"CREATE DATABASE {name}")
        yield tuple(
            Installation(tmp_path / part, url._replace(path=f"/{name}").geturl())
            for name, part in zip(names, ("old", "new"), strict=True)
        )
        for name in names:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_restore_on_a_clean_machine_brings_everything_back(machines, tmp_path):
    old, new = machines
    (old.folder / "media" / "evidence").mkdir(parents=True)
    for number in range(FILES):
        (old.folder / "media" / "evidence" / f"{number}.bin").write_bytes(os.urandom(SIZE))
    old.done("migrate", "-v0")
    old.done("load_reference")
    old.done("load_demo")
    logical, media = old.logical(), old.media()
    begun = perf_counter()
    old.done("backup", str(tmp_path / "backups"))
    shutil.rmtree(old.folder)
    (new.folder / "media").mkdir(parents=True, exist_ok=True)
    new.done("restore", str(tmp_path / "backups"))
    new.done("migrate", "-v0")
    assert (new.logical() == logical, new.media() == media) == (True, True)
    new.done("check_summaries")
    healthy = new.python("-c", _HEALTHY, DJANGO_SETTINGS_MODULE="mofu.settings")
    assert healthy.returncode == 0, healthy.stderr
    assert perf_counter() - begun < TEN_MINUTES
    assert len(media) >= FILES


def test_nothing_is_restored_while_others_are_connected(machines, tmp_path):
    machine, _ = machines
    machine.done("migrate", "-v0")
    machine.done("backup", str(tmp_path / "backups"))
    before = machine.logical()
    if connection.vendor == "sqlite":
        other = sqlite3.connect(machine.folder / "db.sqlite3")
    else:
        other = psycopg.connect(machine.database)
    with closing(other):
        other.execute("SELECT count(*) FROM accounts_user").fetchone()
        other.rollback()  # idle, as a worker of the site is between two requests
        refused = machine.run("restore", str(tmp_path / "backups"))
    assert (refused.returncode, "停止服务" in refused.stderr) == (1, True)
    assert "Traceback" not in refused.stderr
    assert machine.logical() == before
    assert not list(machine.folder.glob("*.restoring"))
    machine.done("restore", str(tmp_path / "backups"))

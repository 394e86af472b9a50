"""A full disk, a read-only disk, a lock that does not open: a page that explains, what was typed kept, nothing half saved."""

from __future__ import annotations

import sqlite3
import threading
import time

import pytest
from django.db import OperationalError, connection, connections
from django.test import RequestFactory

from models_app.models import Laureate
from mofu.operations import health
from mofu.operations.trouble import StorageTroubleMiddleware, kind_of
from tests.makers import make_laureate
from tests.operations.installations import on_sqlite

sqlite_only = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="provokes the fault with a pragma of SQLite"
)


@pytest.fixture
def laureate(cast):
    return make_laureate(org=cast.dongtai, name="王铁人")


def form_of(client, laureate, **changes):
    page = client.get(f"/laureates/{laureate.pk}/edit/")
    form = page.context["form"]
    posted = {name: form[name].value() for name in form.fields if name != "photo"}
    for formset in page.context.get("formsets", ()):
        for name, value in formset.management_form.initial.items():
            posted[f"{formset.prefix}-{name}"] = value
    return {name: value for name, value in (posted | changes).items() if value not in (None, False)}


def pragma(words):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {words}")
        return cursor.fetchone()


@sqlite_only
def test_a_read_only_disk_is_explained_and_what_was_typed_comes_back(cast, signed_in, laureate):
    client = signed_in(cast.city)
    posted = form_of(client, laureate, name="王进喜")
    pragma("query_only=1")
    try:
        response = client.post(f"/laureates/{laureate.pk}/edit/", posted)
    finally:
        pragma("query_only=0")
    page = response.content.decode()
    assert response.status_code == 503
    assert "当前只读" in page
    assert '<textarea name="name" hidden>王进喜</textarea>' in page
    assert Laureate.everything.get(pk=laureate.pk).name == "王铁人"
    assert (
        client.post(f"/laureates/{laureate.pk}/edit/", posted).status_code == 302
    )  # and once it works again
    assert Laureate.everything.get(pk=laureate.pk).name == "王进喜"


@sqlite_only
def test_a_full_disk_is_explained(cast, signed_in, laureate):
    client = signed_in(cast.city)
    posted = form_of(client, laureate)
    (pages,) = pragma("page_count")
    pragma(f"max_page_count={pages}")
    try:
        statuses = set()
        for number in range(400):  # until the last free page is used up
            response = client.post(f"/laureates/{laureate.pk}/edit/", posted | {"name": f"满{number}"})
            statuses.add(response.status_code)
            if response.status_code == 503:
                break
    finally:
        pragma("max_page_count=1073741823")
    assert 503 in statuses
    assert statuses <= {302, 503}
    assert "磁盘空间不足" in response.content.decode()
    assert Laureate.everything.get(pk=laureate.pk).name == f"满{number - 1}" or number == 0


CAUSES = {"SQLITE_FULL": "full", "SQLITE_READONLY": "readonly", "SQLITE_READONLY_DBMOVED": "readonly",
          "SQLITE_BUSY": "locked", "SQLITE_BUSY_SNAPSHOT": "locked", "SQLITE_CANTOPEN": "away", "SQLITE_ERROR": ""}  # fmt: skip


@pytest.mark.parametrize("name", CAUSES)
def test_kinds_of_trouble_with_sqlite(name):
    cause = sqlite3.OperationalError("words")
    cause.sqlite_errorname = name
    error = OperationalError("words")
    error.__cause__ = cause
    assert kind_of(error) == CAUSES[name]


def test_other_failures_stay_failures():
    assert kind_of(ValueError("x")) == ""
    assert kind_of(OSError(28, "No space left on device")) == "full"
    assert kind_of(OSError(30, "Read-only file system")) == "readonly"
    assert kind_of(OSError(2, "No such file")) == ""


def test_secrets_and_files_are_never_given_back():
    rf = RequestFactory()
    seen = StorageTroubleMiddleware(lambda request: None)
    posted = rf.post("/password/", {"password1": "geheim-geheim", "name": "x"})
    page = seen.process_exception(posted, OSError(28, "full")).content.decode()
    assert "geheim" not in page
    assert "<textarea" not in page


def locked_by_another(path, seconds):
    def hold():
        with sqlite3.connect(path, isolation_level=None) as file:
            file.execute("BEGIN IMMEDIATE")
            held.set()
            time.sleep(seconds)
            file.execute("ROLLBACK")

    held = threading.Event()
    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    return thread


_LOCKED_OUT = """
import sqlite3, django; django.setup()
from django.conf import settings
from django.db import connection
from django.test import Client
client = Client()
client.post("/login/", {"login": "city", "password": "mofu-demo-2026"})
connection.cursor().execute("PRAGMA busy_timeout=300")
other = sqlite3.connect(settings.DATABASES["default"]["NAME"], isolation_level=None)
form = {"name": "新单位", "kind": "enterprise", "parent": "1", "sort": "100", "active": "on"}
other.execute("BEGIN IMMEDIATE")
refused = client.post("/organizations/new/", form)
other.execute("ROLLBACK")
again = client.post("/organizations/new/", form)
saved = other.execute("SELECT count(*) FROM accounts_organization WHERE name = '新单位'").fetchone()[0]
print(refused.status_code, "等待超时" in refused.content.decode(), "新单位" in refused.content.decode(), again.status_code, saved)
"""


def test_a_lock_that_does_not_open_is_explained_and_the_form_kept(tmp_path):
    place = on_sqlite(tmp_path)
    place.done("migrate", "-v0")
    place.done("load_reference")
    place.done("load_demo")
    done = place.python("-c", _LOCKED_OUT, DJANGO_SETTINGS_MODULE="mofu.settings")
    assert done.stdout.split() == ["503", "True", "True", "302", "1"], done.stderr


@pytest.fixture
def database(tmp_path, monkeypatch):
    path = tmp_path / "db.sqlite3"
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE a (b)")
    if connection.vendor != "sqlite":
        pytest.skip("looks at SQLite's lock")
    monkeypatch.setitem(connection.settings_dict, "NAME", str(path))
    return path


def test_a_lock_held_for_long_turns_health_red(db, database, monkeypatch):
    thread = locked_by_another(database, 1.5)
    assert health.faults() == []  # for a while that is an import
    monkeypatch.setattr(health, "BUSY", 0)
    assert health.faults() == ["数据库已被占用超过 0 秒，暂时不能保存"]
    thread.join()
    assert health.faults() == []


def test_a_disk_that_is_nearly_full_turns_health_red(client, db, monkeypatch):
    assert client.get("/health/").json() == {"status": "ok"}
    health.cache.clear()
    monkeypatch.setattr(health, "ENOUGH", 1 << 60)
    response = client.get("/health/")
    assert (response.status_code, response.json()) == (503, {"status": "error"})


def test_health_is_asked_of_the_disk_once_in_a_while(client, db, monkeypatch):
    client.get("/health/")
    monkeypatch.setattr(health, "faults", lambda: pytest.fail("asked again"))
    assert client.get("/health/").status_code == 200


def test_a_folder_that_cannot_be_written_turns_health_red(client, db, settings, tmp_path):
    (tmp_path / "file").write_text("no folder")
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    assert client.get("/health/").status_code == 503


def test_a_database_out_of_reach_turns_health_red(client, db, monkeypatch):
    def fail(*_):
        raise OperationalError("password of the database is geheim")

    with monkeypatch.context() as cut:
        cut.setattr(connections["default"], "cursor", fail)
        response = client.get("/health/")
    assert response.status_code == 503
    assert "geheim" not in response.content.decode()

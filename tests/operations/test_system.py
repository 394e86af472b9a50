"""What the administrator is told, and who is an administrator here; durability and the log."""

from __future__ import annotations

import json
import logging
import logging.config
import os
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections
from django.utils import timezone

from mofu.accounts import trail
from mofu.operations import durability, system
from mofu.operations.logs import JsonFormatter, LineFormatter, scrubbed
from mofu.registers.models import Job, JobState
from tests.makers import make_laureate


def fact(title, now=None):
    return next(one for one in system.facts(now) if one.title == title)


def test_the_age_of_the_last_backup_is_told(db):
    assert (fact("最近一次备份").good, fact("最近一次备份").words) == (False, "从未备份")
    trail.record(trail.Action.BACKED_UP, reason="mofu-1")
    assert fact("最近一次备份").good is True
    late = fact("最近一次备份", timezone.now() + timedelta(hours=27))
    assert late.good is False
    assert late.words.endswith("（1 天 3 小时前）")
    assert "backup" in late.advice


def test_jobs_that_nobody_takes_up_and_jobs_that_failed_are_told(cast):
    Job.objects.create(kind="export", title="导出", owner=cast.city)
    Job.objects.create(kind="export", title="导出", owner=cast.city, state=JobState.FAILED)
    assert fact("后台任务").good is True
    assert fact("后台任务", timezone.now() + timedelta(minutes=3)).good is False
    assert fact("近 7 天失败或中断的任务").words == "1 个"


def test_the_page_is_the_citys_administrators_alone(cast, signed_in):
    page = signed_in(cast.admin).get("/system/")
    assert page.status_code == 200
    assert "从未备份" in page.content.decode()
    for user in (cast.city, cast.county, cast.leader, cast.auditor, cast.stranger):
        assert signed_in(user).get("/system/").status_code == 403


def test_durability_is_asked_of_the_database(db):
    if connection.vendor == "sqlite":
        assert durability.problems() == []
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous")
            assert cursor.fetchone() == (2,)


def test_a_deployment_on_a_network_file_system_does_not_start(db, monkeypatch, settings, tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"overlay / overlay rw 0 0\nserver:/share {tmp_path} nfs4 rw 0 0\n")
    monkeypatch.setattr(durability, "_MOUNTS", mounts)
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "db.sqlite3"))
    monkeypatch.setattr(connections["default"], "vendor", "sqlite")
    monkeypatch.setattr(durability, "_pragma_problems", list)
    durability.require()
    settings.IS_PROD = True
    with pytest.raises(ImproperlyConfigured, match="nfs4"):
        durability.require()


def test_the_longest_mount_decides():
    mounts = "a / ext4 rw 0 0\nb /srv nfs rw 0 0\nc /srv/my\\040data ext4 rw 0 0\n"
    assert durability.file_system(Path("/srv/x/db"), mounts) == "nfs"
    assert durability.file_system(Path("/srv/my data/db"), mounts) == "ext4"
    assert durability.file_system(Path("/etc/x"), mounts) == "ext4"


PERSONAL = "证件号 32098119750101123X 和手机13800138000，旧号 320981750101123"


def test_personal_numbers_never_reach_the_log():
    assert scrubbed(PERSONAL) == f"证件号 320{'*' * 15} 和手机138{'*' * 8}，旧号 320{'*' * 12}"
    assert "6228480123456789012" not in scrubbed("账号 6228480123456789012")
    assert scrubbed("编号 1234567890123456789012") == "编号 1234567890123456789012"


def record(message, *, failed=False):
    found = logging.LogRecord("mofu", logging.ERROR, __file__, 1, message, (), None)
    if failed:
        try:
            raise ValueError(PERSONAL)
        except ValueError as error:
            found.exc_info = (type(error), error, error.__traceback__)
    found.facts = {"status": 500}
    return found


def test_a_line_of_json_carries_the_request_and_no_number():
    line = JsonFormatter().format(record(f"bad\n{PERSONAL}", failed=True))
    found = json.loads(line)
    assert "\n" not in line
    assert found["status"] == 500
    assert {"time", "level", "logger", "message", "request_id", "exception"} <= set(found)
    assert "13800138000" not in line
    assert "32098119750101123X" not in line


def test_a_message_cannot_begin_a_line_of_its_own():
    line = LineFormatter("{levelname} {message}", style="{").format(
        record("x\r\nERROR forged\u2028y\nINFO z")
    )
    assert line.splitlines() == ["ERROR x ERROR forged y INFO z status=500"]


@pytest.fixture
def lines(settings):
    """What Django's own loggers write, as a deployment reads it."""
    logging.config.dictConfig(settings.LOGGING)
    written, stream = [], logging.StreamHandler()
    stream.emit = lambda record: written.append(json.loads(JsonFormatter().format(record)))
    logging.getLogger("django").addHandler(stream)
    yield written
    logging.getLogger("django").removeHandler(stream)


def test_a_foreign_host_is_a_line_of_warning_with_its_id(client, lines):
    response = client.get("/login/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert any("evil.example" in line["message"] for line in lines)
    for line in lines:
        assert (line["level"], line["request_id"]) == ("WARNING", response.headers["X-Request-ID"])
        assert "exception" not in line


def test_a_request_refused_by_middleware_is_logged_with_its_id(client, lines):
    response = client.get("/login/?x=%00")
    assert response.status_code == 400
    assert {line["request_id"] for line in lines} == {response.headers["X-Request-ID"]}


def test_a_page_not_found_is_logged_with_its_id(cast, signed_in, lines):
    response = signed_in(cast.city).get("/nowhere/")
    assert response.status_code == 404
    assert [(line["message"], line["request_id"]) for line in lines] == [
        ("Not Found: /nowhere/", response.headers["X-Request-ID"])
    ]


def test_every_line_of_gunicorn_is_json(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        env = os.environ | {
            "MOFU_ENV": "dev", "LOG_FORMAT": "json", "BIND": f"127.0.0.1:{taken.getsockname()[1]}",
            "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        }  # fmt: skip
        command = [sys.executable, "-m", "gunicorn", "--config", "python:mofu.gunicorn", "mofu.wsgi"]
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=False, timeout=60
        )
    assert done.returncode != 0
    found = [json.loads(line) for line in (done.stdout + done.stderr).splitlines()]
    assert {line["logger"] for line in found} == {"gunicorn.error"}
    assert any("in use" in line["message"] for line in found)


def test_what_is_asked_for_stays_out_of_the_log(cast, signed_in, caplog):
    laureate = make_laureate(org=cast.dongtai, phone="13800138000")
    caplog.set_level(logging.INFO, "mofu.access")
    client = signed_in(cast.city)
    response = client.get("/laureates/", {"q": "13800138000"})
    client.get(f"/laureates/{laureate.pk}/")
    client.get("/laureates/13800138000/")
    lines = [JsonFormatter().format(one) for one in caplog.records]
    assert '"path": "/laureates/"' in lines[0]
    assert "13800138000" not in "".join(lines)
    assert all("request" in line for line in lines)
    assert response.headers["X-Request-ID"]

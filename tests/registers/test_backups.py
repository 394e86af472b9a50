"""Backup and restore: what comes back is what was there; a damaged backup is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings


def manage(folder, *arguments):
    """Run a command on a database and media folder of its own."""
    env = {
        "PATH": "/usr/bin:/bin",
        "MOFU_ENV": "dev",
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "MEDIA_ROOT": f"{folder}/media",
    }
    command = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def installation(tmp_path):
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "a.pdf").write_bytes(b"%PDF-1.7 evidence")
    assert manage(tmp_path, "migrate", "-v0").returncode == 0
    assert manage(tmp_path, "load_reference").returncode == 0
    return tmp_path


def units(folder):
    done = manage(folder, "export_register", "organizations", str(folder / "units.xlsx"))
    assert done.returncode == 0, done.stderr
    return done.stdout.split("：")[0]


def test_backup_restores_database_and_files_and_refuses_damage(installation):
    before = units(installation)
    assert manage(installation, "backup", str(installation / "backups")).returncode == 0
    (made,) = (installation / "backups").iterdir()
    assert set(json.loads((made / "manifest.json").read_text())["files"]) == {"database.sqlite3", "media.tar"}
    (installation / "db.sqlite3").write_bytes(b"")
    (installation / "media" / "a.pdf").unlink()
    assert manage(installation, "restore", str(made)).returncode == 0
    assert units(installation) == before
    assert (installation / "media" / "a.pdf").read_bytes() == b"%PDF-1.7 evidence"
    body = bytearray((made / "database.sqlite3").read_bytes())
    body[100] ^= 1
    (made / "database.sqlite3").write_bytes(body)
    refused = manage(installation, "restore", str(made))
    assert refused.returncode != 0
    assert "备份已损坏" in refused.stderr
    assert units(installation) == before
    assert "不是完整的备份" in manage(installation, "restore", str(installation)).stderr

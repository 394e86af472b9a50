"""Backup and restore: what comes back is what was there; whatever is damaged, foreign or unreadable is refused untouched."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings

from mofu.operations import age

EVIDENCE = {"files/a.pdf": b"%PDF-1.7 evidence", "photos/b.jpg": b"\xff\xd8\xff" + bytes(range(256)) * 500}


def manage(folder, *arguments, **more):
    """Run a command on a database and media folder of its own."""
    env = {
        "PATH": "/usr/bin:/bin",
        "MOFU_ENV": "dev",
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "MEDIA_ROOT": f"{folder}/media",
    } | more
    command = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def logical(folder):
    """A digest of every row of every table, whatever the pages of the file look like; the trail grows with each command."""
    found = hashlib.sha256()
    with closing(sqlite3.connect(folder / "db.sqlite3")) as file:
        for line in file.iterdump():
            if not line.startswith('INSERT INTO "accounts_trailentry"') and "sqlite_sequence" not in line:
                found.update(line.encode())
    return found.hexdigest()


def media(folder):
    files = [
        path
        for path in (folder / "media").rglob("*")
        if path.is_file() and "before-restore" not in path.parts
    ]
    return {
        str(path.relative_to(folder / "media")): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    folder = tmp_path_factory.mktemp("installation")
    for name, content in EVIDENCE.items():
        (folder / "media" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "media" / name).write_bytes(content)
    assert manage(folder, "migrate", "-v0").returncode == 0
    assert manage(folder, "load_reference").returncode == 0
    done = manage(folder, "backup", str(folder / "backups"))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def made(installation, tmp_path):
    """A copy of the backup, to be damaged."""
    (found,) = (installation / "backups").iterdir()
    return Path(shutil.copytree(found, tmp_path / found.name))


def test_a_backup_comes_back_on_a_clean_machine(installation, made, tmp_path):
    clean = tmp_path / "clean"
    clean.mkdir()
    done = manage(clean, "restore", str(made.parent))  # the folder of the backups: the newest is meant
    assert done.returncode == 0, done.stderr
    assert (logical(clean), media(clean)) == (logical(installation), media(installation))
    assert manage(clean, "check_summaries").returncode == 0
    assert "2 个附件" in done.stdout


def test_a_restore_replaces_what_is_there_and_keeps_it_beside(installation, made, tmp_path):
    other = Path(shutil.copytree(installation, tmp_path / "other"))
    with closing(sqlite3.connect(other / "db.sqlite3")) as file:
        file.execute("DELETE FROM actions_target")
        file.commit()
    (other / "media/files/a.pdf").unlink()
    (other / "media/later.txt").write_text("later")
    assert logical(other) != logical(installation)
    assert manage(other, "restore", str(made)).returncode == 0
    assert (logical(other), media(other)) == (logical(installation), media(installation))
    assert (other / "db.sqlite3.before-restore").exists()
    assert (other / "media/before-restore/later.txt").read_text() == "later"


def test_nothing_in_a_backup_can_be_read_without_the_key(installation, made):
    content = b"".join(path.read_bytes() for path in made.iterdir())
    assert b"SQLite format 3" not in content
    assert b"evidence" not in content
    assert {path.name for path in made.iterdir()} == {
        "database.sqlite3.age",
        "media.tar.age",
        "manifest.json",
    }


def flipped(name, at):
    def damage(made):
        body = bytearray((made / name).read_bytes())
        body[at] ^= 1
        (made / name).write_bytes(body)

    return damage


def changed(**values):
    def damage(made):
        manifest = json.loads((made / "manifest.json").read_text())
        (made / "manifest.json").write_text(json.dumps(manifest | values))

    return damage


DAMAGE = {
    "a flipped byte of the database": (flipped("database.sqlite3.age", 5000), "备份已损坏"),
    "a flipped byte of the files": (flipped("media.tar.age", -1), "备份已损坏"),
    "no files": (lambda made: (made / "media.tar.age").unlink(), "备份已损坏：media.tar.age 缺失"),
    "no manifest": (lambda made: (made / "manifest.json").unlink(), "不是完整的备份"),
    "an altered manifest": (changed(rows={}), "备份说明被改动过"),
    "a manifest of another format": (changed(format=1), "格式不符"),
    "a manifest that names other files": (changed(files={"../../db.sqlite3": {}}), "格式不符"),
    "half a database": (lambda made: (made / "database.sqlite3.age").write_bytes(b"x"), "备份已损坏"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_backup_is_refused_and_nothing_is_touched(installation, made, damage):
    before = logical(installation), media(installation)
    spoil, words = DAMAGE[damage]
    spoil(made)
    for command in ("restore", "verify_backup"):
        refused = manage(installation, command, str(made))
        assert refused.returncode == 1
        assert words in refused.stderr
        assert "Traceback" not in refused.stderr
    assert (logical(installation), media(installation)) == before


def test_the_wrong_key_is_refused(installation, made, tmp_path):
    (tmp_path / "other.key").write_text(age.new_key()[1])
    refused = manage(installation, "restore", str(made), BACKUP_IDENTITY_FILE=str(tmp_path / "other.key"))
    assert (refused.returncode, "备份私钥不符" in refused.stderr) == (1, True)
    foreign = manage(installation, "restore", str(made), FIELD_KEYS="k1:" + "QUJD" * 10 + "QUI=")
    assert (foreign.returncode, "FIELD_KEYS 不符" in foreign.stderr) == (1, True)


def test_a_backup_can_be_opened_for_trial(installation, made):
    before = logical(installation)
    done = manage(installation, "verify_backup", str(made), "--open")
    assert (done.returncode, "已打开并逐项检查" in done.stdout) == (0, True)
    assert logical(installation) == before
    assert sorted(path.name for path in made.parent.iterdir()) == [
        made.name
    ]  # nothing plain is left beside it


def test_only_so_many_are_kept(installation, made, tmp_path):
    folder = tmp_path / "kept"
    for number in range(3):
        shutil.copytree(made, folder / f"mofu-2020010{number + 1}-000000")
    assert manage(installation, "backup", str(folder), "--keep", "2").returncode == 0
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 2
    assert names[0] == "mofu-20200103-000000"


def test_a_backup_that_cannot_be_written_leaves_nothing(installation, tmp_path):
    refused = manage(installation, "backup", str(tmp_path / "out"), BACKUP_RECIPIENTS="age1nonsense")
    assert (refused.returncode, "age 公钥" in refused.stderr) == (1, True)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_pair_of_keys_is_made_and_no_key_overwritten(installation, tmp_path):
    done = manage(installation, "backup_key", str(tmp_path / "new.key"))
    assert done.stdout.startswith("BACKUP_RECIPIENTS=age1")
    assert (tmp_path / "new.key").stat().st_mode & 0o777 == 0o600
    assert manage(installation, "backup_key", str(tmp_path / "new.key")).returncode == 1

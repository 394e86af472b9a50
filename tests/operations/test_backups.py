"""Backup and restore: what comes back is what was there; whatever is damaged, foreign or unreadable is refused untouched."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mofu.operations import age
from tests.operations.installations import on_sqlite

EVIDENCE = {"files/a.pdf": b"%PDF-1.7 evidence", "photos/b.jpg": b"\xff\xd8\xff" + bytes(range(256)) * 500}


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    found = on_sqlite(tmp_path_factory.mktemp("installation"))
    for name, content in EVIDENCE.items():
        (found.folder / "media" / name).parent.mkdir(parents=True, exist_ok=True)
        (found.folder / "media" / name).write_bytes(content)
    found.done("migrate", "-v0")
    found.done("load_reference")
    found.done("backup", str(found.folder / "backups"))
    return found


@pytest.fixture
def made(installation, tmp_path):
    """A copy of the backup, to be damaged."""
    (found,) = (installation.folder / "backups").iterdir()
    return Path(shutil.copytree(found, tmp_path / found.name))


def test_a_backup_comes_back_on_a_clean_machine(installation, made, tmp_path):
    clean = on_sqlite(tmp_path / "clean")
    done = clean.run("restore", str(made.parent))  # the folder of the backups: the newest is meant
    assert done.returncode == 0, done.stderr
    assert (clean.logical(), clean.media()) == (installation.logical(), installation.media())
    assert clean.run("check_summaries").returncode == 0
    assert "2 个附件" in done.stdout
    assert "没有可读的原数据库" in done.stdout


def test_a_restore_replaces_what_is_there_and_keeps_it_beside(installation, made, tmp_path):
    other = on_sqlite(Path(shutil.copytree(installation.folder, tmp_path / "other")))
    with closing(sqlite3.connect(other.folder / "db.sqlite3")) as file:
        file.execute("DELETE FROM actions_target")
        file.commit()
    (other.folder / "media/files/a.pdf").unlink()
    (other.folder / "media/later.txt").write_text("later")
    assert other.logical() != installation.logical()
    assert other.run("restore", str(made)).returncode == 0
    assert (other.logical(), other.media()) == (installation.logical(), installation.media())
    assert (other.folder / "db.sqlite3.before-restore").exists()
    assert (other.folder / "media/before-restore/later.txt").read_text() == "later"


def test_a_second_restore_leaves_alone_what_the_first_set_aside(installation, made, tmp_path):
    """Who restored the wrong backup and tries again still has the database that was live."""
    other = on_sqlite(Path(shutil.copytree(installation.folder, tmp_path / "other")))
    with closing(sqlite3.connect(other.folder / "db.sqlite3")) as file:
        file.execute("CREATE TABLE live (mark)")
        file.commit()
    (other.folder / "media/later.txt").write_text("live")
    first = other.done("restore", str(made))
    (other.folder / "media/later.txt").write_text("second")
    second = other.done("restore", str(made))
    with closing(sqlite3.connect(other.folder / "db.sqlite3.before-restore")) as file:
        assert file.execute("SELECT count(*) FROM live").fetchone() == (0,)
    assert (other.folder / "media/before-restore/later.txt").read_text() == "live"
    assert (other.folder / "media/before-restore-2/later.txt").read_text() == "second"
    assert f"{other.folder / 'db.sqlite3.before-restore'}（" in first
    assert f"{other.folder / 'db.sqlite3.before-restore-2'}（" in second
    assert "before-restore-2 目录" in second
    other.done("backup", str(tmp_path / "after"))
    assert other.media() == installation.media()  # nothing set aside is taken for a file of a record


_PERSON = """
import django; django.setup()
from models_app.models import Laureate
from actions.models import Worker
from tests.makers import make_laureate, make_org, make_worker
org = make_org()
one, other = make_laureate(org=org, name="仇英"), make_laureate(org=org, name="唐寅")
make_worker(org=org, name="仇英", laureate=one)
print(one.pk, other.pk)
"""


def test_a_restore_tells_whose_erasure_it_undid(installation, tmp_path):
    other = on_sqlite(Path(shutil.copytree(installation.folder, tmp_path / "other")))
    made = other.python("-c", _PERSON, DJANGO_SETTINGS_MODULE="mofu.settings")
    assert made.returncode == 0, made.stderr
    one, _ = made.stdout.split()
    shutil.rmtree(other.folder / "backups")
    other.done("backup", str(other.folder / "backups"))
    assert "erase_person" not in other.done("restore", str(other.folder / "backups"))
    other.done("erase_person", "laureates", one, "--reason", "本人书面申请", "--yes")
    told = other.done("restore", str(other.folder / "backups"))
    assert f"manage.py erase_person laureates {one} --reason" in told
    assert told.count("erase_person laureates") == told.count("erase_person workers") == 1
    assert "*.before-restore*" in told
    other.done("erase_person", "laureates", one, "--reason", "本人书面申请", "--yes")


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


def test_damaged_backups_are_refused_and_nothing_is_touched(installation, made, tmp_path):
    before = installation.logical(), installation.media()
    for number, (damage, (spoil, words)) in enumerate(DAMAGE.items()):
        damaged = shutil.copytree(made, tmp_path / str(number) / made.name)
        spoil(damaged)
        refused = installation.run(("restore", "verify_backup")[number % 2], str(damaged))
        assert (refused.returncode, words in refused.stderr) == (1, True), damage
        assert "Traceback" not in refused.stderr, damage
    assert (installation.logical(), installation.media()) == before


def test_the_wrong_key_is_refused(installation, made, tmp_path):
    (tmp_path / "other.key").write_text(age.new_key()[1])
    refused = installation.run("restore", str(made), BACKUP_IDENTITY_FILE=str(tmp_path / "other.key"))
    assert (refused.returncode, "备份私钥不符" in refused.stderr) == (1, True)
    foreign = installation.run("restore", str(made), FIELD_KEYS="k1:" + "QUJD" * 10 + "QUI=")
    assert (foreign.returncode, "FIELD_KEYS 不符" in foreign.stderr) == (1, True)


def test_a_backup_can_be_opened_for_trial(installation, made):
    done = installation.run("verify_backup", str(made), "--open")
    assert (done.returncode, "已打开并逐项检查" in done.stdout) == (0, True)
    assert sorted(path.name for path in made.parent.iterdir()) == [
        made.name
    ]  # nothing plain is left beside it


def test_only_so_many_are_kept(installation, made, tmp_path):
    folder = tmp_path / "kept"
    for number in range(3):
        shutil.copytree(made, folder / f"mofu-2020010{number + 1}-000000")
    assert installation.run("backup", str(folder), "--keep", "2").returncode == 0
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 2
    assert names[0] == "mofu-20200103-000000"


def test_what_was_just_made_stays_whatever_the_clock_says(installation, made, tmp_path):
    folder = tmp_path / "kept"
    shutil.copytree(made, folder / "mofu-20990101-000000")
    assert installation.run("backup", str(folder), "--keep", "1").returncode == 0
    assert installation.run("backup", str(folder), "--keep", "-1").returncode == 0
    assert len(list(folder.iterdir())) == 3


def test_a_backup_that_cannot_be_written_leaves_nothing(installation, tmp_path):
    refused = installation.run("backup", str(tmp_path / "out"), BACKUP_RECIPIENTS="age1nonsense")
    assert (refused.returncode, "age 公钥" in refused.stderr) == (1, True)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_pair_of_keys_is_made_and_no_key_overwritten(installation, tmp_path):
    done = installation.run("backup_key", str(tmp_path / "new.key"))
    assert done.stdout.startswith("BACKUP_RECIPIENTS=age1")
    assert (tmp_path / "new.key").stat().st_mode & 0o777 == 0o600
    assert installation.run("backup_key", str(tmp_path / "new.key")).returncode == 1

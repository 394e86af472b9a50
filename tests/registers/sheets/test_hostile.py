"""Hostile files: each is refused in Chinese or read harmlessly, quickly, and the process that asked lives on."""

from __future__ import annotations

import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from models_app.models import Laureate
from mofu.registers.models import ImportBatch
from mofu.registers.sheets import heads, limits, reading
from mofu.registers.sheets.columns import SheetColumn
from mofu.registers.sheets.reading import SheetRefused, read
from tests.workbooks.hostile import HOSTILE
from tests.workbooks.parts import HONEST

COLUMNS = [
    SheetColumn("name", "姓名", required=True),
    SheetColumn("org", "单位"),
    SheetColumn("note", "备注"),
]


LAUNCHER = """
import resource, subprocess, sys
from pathlib import Path
code = subprocess.run([sys.executable, "-I", "-X", "utf8", {child!r}, *sys.argv[1:]]).returncode
half = Path({note!r} + ".half")
half.write_text(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
half.rename({note!r})  # whole or not there: whoever reads it does not wait for this process
sys.exit(bool(code))
"""


@pytest.fixture
def peak(monkeypatch, tmp_path):
    """Return a function that tells the peak memory of the reading process in MiB.

    A small process starts it in between: a child's figure begins at what its parent held.
    """
    launcher, note = tmp_path / "launcher.py", tmp_path / "peak"
    launcher.write_text(LAUNCHER.format(child=reading.child.__file__, note=str(note)))
    monkeypatch.setattr(reading.child, "__file__", str(launcher))
    return lambda: int(note.read_text()) // 1024 if note.exists() else 0


def refusal(name, content):
    """Return the refusal of a file, empty when it is read."""
    try:
        heads.understand(read(name, content), COLUMNS)
    except SheetRefused as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize("kind", list(HOSTILE))
def test_hostile_files_harm_nobody(kind, peak):
    name, build, words = HOSTILE[kind]
    content = build()
    begin = time.monotonic()
    said = refusal(name, content)
    assert time.monotonic() - begin < 20
    assert peak() < 512
    if words is None:
        assert not said or not said.isascii()
    else:
        with pytest.raises(SheetRefused, match=words):
            raise SheetRefused(said)
        assert said.endswith("。")


def test_the_corpus_is_large_enough():
    assert len(HOSTILE) >= 60
    assert sum(words is not None for _, _, words in HOSTILE.values()) >= 60


def test_no_part_of_a_hostile_file_is_ever_written_beside_it(tmp_path, monkeypatch):
    monkeypatch.setattr(reading.tempfile, "tempdir", str(tmp_path))
    refusal(*_built("names that climb"))
    assert list(tmp_path.rglob("*")) == []


def _built(kind):
    name, build, _ = HOSTILE[kind]
    return name, build()


@pytest.mark.parametrize(
    "kind", ["password", "two cells far apart", "bomb behind a small size", "external entity", "binary csv"]
)
def test_upload_of_a_hostile_file_explains_and_stores_nothing(kind, cast, signed_in):
    name, content = _built(kind)
    response = signed_in(cast.county).post(
        "/laureates/import/", {"file": SimpleUploadedFile(name, content)}, follow=True
    )
    text = response.content.decode()
    assert response.status_code in (200, 422)
    assert "没有导入" in text
    assert "Traceback" not in text
    assert not ImportBatch.objects.filter(state="done").exists()
    assert not Laureate.everything.exists()


def test_memory_of_the_reading_process_is_limited(monkeypatch, tmp_path):
    script = tmp_path / "greedy.py"
    script.write_text(
        f"import sys\nsys.path.insert(0, {str(reading.Path(reading.child.__file__).parents[3])!r})\n"
        "from mofu.registers.sheets.limits import limit_process\nlimit_process()\nbytearray(1000 * 2**20)\n"
    )
    monkeypatch.setattr(reading.child, "__file__", str(script))
    with pytest.raises(SheetRefused, match="内存或时间"):
        read("a.xlsx", HONEST)
    assert limits.MEMORY < 512 * 2**20

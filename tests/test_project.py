"""Guards over the whole project: documents, lock files, layers and migrations keep up with the code."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.template.loader import render_to_string

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ["package-lock.json", ".npmrc", *(path.name for path in ROOT.glob("requirements*"))]
PACKAGES = ("mofu", "models_app", "actions")
# Addresses inside a lock file that name people to support, not places to download from.
HARMLESS = re.compile(r"https://(opencollective\.com|github\.com/sponsors)/")


def sources(*suffixes: str) -> list[Path]:
    folders = [*PACKAGES, "templates", "static"]
    return [path for name in folders for path in (ROOT / name).rglob("*") if path.suffix in suffixes]


def test_every_environment_variable_is_in_the_example():
    read = {
        name
        for file in ("mofu/settings.py", "mofu/gunicorn.py")
        for name in re.findall(r'env\.[a-z_]+\(\s*"(\w+)"', (ROOT / file).read_text("utf-8"))
    }
    listed = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))
    assert {"MOFU_ENV", "SECRET_KEY", "DATABASE_URL"} <= read
    assert read == listed


@pytest.mark.parametrize("package", PACKAGES)
def test_only_the_settings_read_the_environment(package):
    readers = {
        str(path.relative_to(ROOT))
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"os\.environ|getenv", path.read_text("utf-8"))
    }
    assert readers <= {"mofu/env.py", "mofu/wsgi.py"}


@pytest.mark.parametrize("name", LOCKS)
def test_lock_files_name_no_host(name):
    lines = (ROOT / name).read_text("utf-8").splitlines()
    assert [line for line in lines if re.search(r"https?://", HARMLESS.sub("", line))] == []


def test_python_locks_pin_and_hash_everything():
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-tools.txt"):
        entries = re.findall(
            r"^([\w.-]+(?:\[[\w,-]+\])?)(==\S+)?(.*)$", (ROOT / name).read_text("utf-8"), re.MULTILINE
        )
        assert entries
        assert all(version for _, version, _ in entries), name


@pytest.mark.parametrize("path", sources(".html"), ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_hold_no_inline_script_or_style(path):
    text = path.read_text("utf-8")
    if path.parent.name == "documents":
        pytest.skip("printed by WeasyPrint, never sent to a browser")
    assert not re.search(r"<style\b|\sstyle=|\son(click|change|submit|load|input)=|javascript:", text)
    assert not re.search(r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)", text)


def test_nothing_is_loaded_from_elsewhere():
    named = {
        f"{path.relative_to(ROOT)}: {found}"
        for path in sources(".html", ".css", ".js")
        for found in re.findall(
            r"""(?:src|href)=["'](?:https?:)?//[^"']+|@import[^;]+|url\(['"]?https?:[^)]+""",
            path.read_text("utf-8"),
        )
    }
    assert named == set()


def test_every_file_a_page_names_is_gathered_for_the_web_server():
    named = {
        name
        for path in sources(".html")
        for name in re.findall(r"{% static '([^']+)'", path.read_text("utf-8"))
    }
    gathered = {
        f"{storage.prefix}/{path}" if getattr(storage, "prefix", None) else path
        for finder in get_finders()
        for path, storage in finder.list([])
    }
    assert "tabler/css/tabler.min.css" in named
    assert named <= gathered


def test_layers_hold():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_known_icon_is_drawn_and_unknown_one_is_harmless():
    text = render_to_string("components/status_badge.html", {"code": "behind", "label": ""})
    assert "滞后" in text
    assert "<path" in text
    assert "<circle" in render_to_string(
        "components/stat_tile.html", {"icon_name": "../../etc/passwd", "value": 1}
    )


def test_progress_shows_value_target_state_and_pace():
    text = render_to_string(
        "components/progress.html",
        {
            "label": "助企服务劳模",
            "value": 73,
            "target": 100,
            "comparator": "≥",
            "unit": "人",
            "percent": 73,
            "status": "behind",
            "status_label": "滞后",
            "url": "/laureates/?x=1",
            "pace": 89,
        },
    )
    assert all(
        part in text
        for part in ("w-p-73", "at-p-89", "滞后", "≥100 人", 'aria-valuenow="73"', "/laureates/?x=1")
    )


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "429", "500"])
def test_error_pages_need_no_context(name):
    text = render_to_string(f"{name}.html")
    assert "<h1>" in text
    assert "返回首页" in text


def test_no_setting_of_an_environment_file_has_a_comment_behind_it():
    """systemd takes it for a part of the value: another database, a key that fits nothing."""
    for name in (".env.example", "docs/deploy.md"):
        lines = (ROOT / name).read_text("utf-8").splitlines()
        assert not [line for line in lines if re.match(r"[A-Z_]+=.*\s#", line)], name

"""Guards over docs/deploy.md: what an operator types or copies from it exists and fits together."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = (ROOT / "docs/deploy.md").read_text("utf-8")
APP = "/srv/mofu/app"
WRITTEN = {"/srv/mofu/data", "/srv/mofu/backups", "/srv/mofu/static"}
PROGRAMS = {f"{APP}/.venv/bin/python", f"{APP}/.venv/bin/gunicorn"}


class Repeating(dict):
    """Keeps every value of a setting that stands several times, as ExecStart may."""

    def __setitem__(self, key, value):
        if key in self and isinstance(value, list):
            value = self[key] + value
        super().__setitem__(key, value)


def read(text: str) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(
        strict=False, dict_type=Repeating, delimiters=("=",), comment_prefixes=("#", ";")
    )
    parser.optionxform = str
    parser.read_string(text)
    return parser


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", DEPLOY, re.DOTALL)


def files() -> dict[str, configparser.RawConfigParser]:
    """Return the systemd files by name; the worker's holds what differs from the web's."""
    found = re.findall(r"`/etc/systemd/([\w./-]+)`.*?```ini\n(.*?)```", DEPLOY, re.DOTALL)
    read_files = {Path(name).name if "system/" in name else name: read(text) for name, text in found}
    web = next(text for name, text in found if name.endswith("mofu-web.service"))
    worker = next(text for name, text in found if name.endswith("mofu-worker.service"))
    changed = {line.split("=")[0] for line in worker.splitlines() if "=" in line}
    kept = [line for line in web.splitlines() if line.split("=")[0] not in changed]
    read_files["mofu-worker.service"] = read("\n".join(kept) + "\n")
    read_files["mofu-worker.service"].read_string(worker)
    return read_files


SERVICES = ["mofu-web", "mofu-worker", "mofu-backup", "mofu-nightly"]


def values(service: str, name: str) -> list[str]:
    return files()[f"{service}.service"]["Service"].get(name, "").splitlines()


def test_every_systemd_file_is_read():
    assert len(files()) == len(blocks("ini"))
    assert {f"{name}.service" for name in SERVICES} < set(files())


@pytest.mark.parametrize("service", SERVICES)
def test_services_run_as_the_account_with_its_settings(service):
    assert values(service, "User") == ["mofu"]
    assert values(service, "UMask") == ["0027"]
    assert values(service, "WorkingDirectory") == [APP]
    assert values(service, "EnvironmentFile") == ["/etc/mofu.env"]
    started = values(service, "ExecStart")
    assert started
    assert {line.split()[0] for line in started} <= PROGRAMS


def test_the_night_backs_up_then_purges_then_seals_then_trims():
    night = values("mofu-backup", "ExecStart") + values("mofu-nightly", "ExecStart")
    assert [line.split()[2] for line in night] == ["backup", "purge", "seal_trail", "trim_trail"]
    assert "mofu-backup.service" in files()["mofu-nightly.service"]["Unit"]["After"]
    starts = [files()[f"mofu-{name}.timer"]["Timer"]["OnCalendar"] for name in ("backup", "nightly")]
    assert starts == sorted(starts)
    enabled = re.search(r"systemctl enable --now ([\w. -]+)", DEPLOY).group(1).split()
    assert enabled == ["mofu-web", "mofu-worker", "mofu-backup.timer", "mofu-nightly.timer"]


def test_every_management_command_exists():
    named = set(re.findall(r"manage\.py (\w+)", DEPLOY)) | set(
        re.findall(r"`(\w+_(?:backup|trail))\b", DEPLOY)
    )
    assert {"backup", "restore", "purge", "createsuperuser"} <= named
    assert named <= set(get_commands())


def test_every_make_target_exists():
    named = set(re.findall(r"(?:mofu-run|`)\s?make (\w+)", DEPLOY))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {"install", "prepare", "serve"} <= named
    assert named <= targets


def test_nothing_of_the_application_is_run_as_root():
    for block in blocks("sh"):
        for line in block.splitlines():
            for part in re.split(r"&&|;", line.split(" #")[0]):
                if re.match(r"\s*(git|make|\S*python\S*|manage\.py)\s", part):
                    pytest.fail(f"not through mofu-run: {line}")


def test_settings_name_folders_that_were_made():
    made = {word for line in DEPLOY.splitlines() if line.startswith("install -d") for word in line.split()}
    assert made >= WRITTEN
    (settings,) = [block for block in blocks("sh") if block.startswith("MOFU_ENV=")]
    paths = re.findall(r"^\w+=(?:\w+:///?)?(/srv/\S+)", settings, re.MULTILINE)
    assert len(paths) == 4
    assert all(any(path == top or path.startswith(f"{top}/") for top in WRITTEN) for path in paths)
    (served,) = re.findall(r"alias (\S+)/;", DEPLOY)
    assert f"STATIC_ROOT={served}\n" in settings


def test_the_wrapper_hands_over_settings_and_words_unchanged(tmp_path):
    (wrapper,) = [block for block in blocks("sh") if block.startswith("#!/bin/sh")]
    settings = tmp_path / "mofu.env"
    settings.write_text("# words\nASSOCIATION_NAME='甲 & $乙'\n", "utf-8")
    tools = tmp_path / "bin"
    tools.mkdir()
    runuser = tools / "runuser"
    runuser.write_text('#!/bin/sh\n[ "$1 $2 $3" = "-u mofu --" ] || exit 9\nshift 3\nexec "$@"\n', "utf-8")
    runuser.chmod(0o755)
    script = wrapper.replace("/etc/mofu.env", shlex.quote(str(settings))).replace(APP, str(tmp_path))
    done = subprocess.run(
        [
            shutil.which("sh"),
            "-c",
            script,
            "mofu-run",
            "sh",
            "-c",
            'umask; pwd; echo "$ASSOCIATION_NAME|$1"',
            "x",
            "a  b",
        ],
        env={"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n")[:3] == ["0027", str(tmp_path), "甲 & $乙|a  b"]

"""The settings take the environment only and refuse what is missing or wrong."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from mofu import env

ROOT = Path(__file__).resolve().parent.parent
KEY = base64.b64encode(bytes(range(32))).decode()
GOOD = {
    "MOFU_ENV": "prod",
    "SECRET_KEY": "0123456789abcdef" * 4,
    "ALLOWED_HOSTS": "mofu.example.org",
    "FIELD_KEYS": f"k1:{KEY}",
}


def python(*arguments: str, **changes: str) -> subprocess.CompletedProcess:
    """Run Python in a deployment's environment; a variable set to "" is as good as missing."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=kept | GOOD | changes, capture_output=True, text=True, check=False
    )


def load(show: str = "MOFU_ENV", **changes: str) -> subprocess.CompletedProcess:
    """Read one setting in a process of its own."""
    return python("-c", f"from mofu import settings; print(settings.{show})", **changes)


def test_a_complete_deployment_starts():
    done = load()
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "prod"


def test_djangos_own_check_of_a_deployment_finds_nothing():
    done = python("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


def test_without_mofu_env_it_is_a_deployment():
    assert load(MOFU_ENV="").stdout.strip() == "prod"


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "FIELD_KEYS"])
def test_a_deployment_without_secrets_refuses_to_start(name):
    done = load(**{name: ""})
    assert done.returncode != 0
    assert "ImproperlyConfigured" in done.stderr
    assert name in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MOFU_ENV", "production"),
        ("SECRET_KEY", "short"),
        ("ALLOWED_HOSTS", "*"),
        ("FIELD_KEYS", "k1:abcd"),
        ("FIELD_KEYS", "k1:***"),
        ("FIELD_KEYS", f"k1:{KEY},k1:{KEY}"),
        ("FIELD_KEYS", KEY),
        ("DATABASE_URL", "mysql://localhost/mofu"),
        ("DATABASE_URL", "postgres://localhost"),
        ("CACHE_URL", "nonsense://"),
        ("MEDIA_ROOT", "media"),
        ("HTTPS", "maybe"),
        ("SESSION_HOURS", "0"),
        ("TRUSTED_PROXY_COUNT", "-1"),
        ("LOG_LEVEL", "loud"),
        ("EMAIL_URL", "pigeon://"),
        ("DEBUG", "true"),
    ],
)
def test_a_bad_value_is_refused_by_name(name, value):
    done = load(**{name: value})
    assert done.returncode != 0, f"{name}={value} was accepted"
    assert "ImproperlyConfigured" in done.stderr
    assert name.partition("_")[0] in done.stderr


@pytest.mark.parametrize(
    "address",
    [
        "/srv/files",
        "https://store.example.org/bucket",
        "s3://",
        "s3://Bucket",
        "s3://key:secret@bucket",
        "s3://bucket/../other",
        "s3://bucket/a//b",
        "s3://bucket?endpoint=store.example.org",
        "s3://bucket?endpoint=https://key:secret@store",
        "s3://bucket?endpoint=https://store/path",
        "s3://bucket?endpoint=http://[",
        "s3://bucket?addressing=sideways",
        "s3://bucket?secret=hunter2",
    ],
)
def test_an_object_store_that_cannot_be_meant_is_refused_without_repeating_it(address):
    with pytest.raises(ImproperlyConfigured, match=r"^MEDIA_STORAGE: ") as refusal:
        env.media(address, "key", "secret")
    assert "key:secret" not in str(refusal.value)
    assert "hunter2" not in str(refusal.value)


def test_an_object_store_needs_its_key_pair_and_then_takes_the_place_of_the_folder():
    address = "s3://files/mofu/a?endpoint=https://store.example.org:9000&region=cn-1"
    done = load(MEDIA_STORAGE=address, MEDIA_ACCESS_KEY="key")
    assert done.returncode != 0
    assert "MEDIA_STORAGE also needs MEDIA_ACCESS_KEY and MEDIA_SECRET_KEY" in done.stderr
    options = env.media(address, "key", "secret")["OPTIONS"]
    assert (options["bucket_name"], options["location"], options["region_name"]) == (
        "files",
        "mofu/a",
        "cn-1",
    )
    assert (options["endpoint_url"], options["addressing_style"]) == (
        "https://store.example.org:9000",
        "path",
    )
    assert env.media("s3://files", "key", "secret")["OPTIONS"]["addressing_style"] == "virtual"
    shown = load(
        MEDIA_STORAGE=address, MEDIA_ACCESS_KEY="key", MEDIA_SECRET_KEY="secret", show="STORAGES['default']"
    )
    assert "ObjectStorage" in shown.stdout
    assert "FileSystemStorage" in load(show="STORAGES['default']").stdout


def test_the_keys_of_dev_are_refused_elsewhere():
    dev_keys = load(MOFU_ENV="dev", SECRET_KEY="", FIELD_KEYS="", show="_DEV_FIELD_KEYS").stdout.strip()
    assert "FIELD_KEYS contains the key used in dev" in load(FIELD_KEYS=dev_keys).stderr


def test_demo_accounts_exist_in_dev_only():
    assert load(show="DEMO_ACCOUNTS").stdout.strip() == "{}"
    assert load(show="DEMO_PASSWORD").stdout.strip() == ""
    shown = load(MOFU_ENV="dev", show="DEMO_ACCOUNTS").stdout
    assert all(name in shown for name in ("city", "county", "county2", "leader", "auditor", "admin"))


def test_the_first_field_key_is_the_current_one():
    keys = env.field_keys(f"new:{KEY}, old:{base64.b64encode(bytes(32)).decode()}")
    assert list(keys) == ["new", "old"]
    assert keys["new"] == bytes(range(32))


def test_sqlite_waits_for_writers_and_survives_power_loss(tmp_path):
    config = env.database("sqlite:///kept/here.sqlite3", tmp_path)
    assert config["NAME"] == str(tmp_path / "kept/here.sqlite3")
    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in config["OPTIONS"]["init_command"]
    assert "secure_delete=ON" in config["OPTIONS"]["init_command"]
    assert (tmp_path / "kept").is_dir()


def test_postgres_is_only_an_address():
    config = env.database("postgres://u:p%40ss@db:5433/mofu", ROOT)
    assert config["ENGINE"] == "django.db.backends.postgresql"
    assert (config["USER"], config["PASSWORD"], config["PORT"]) == ("u", "p@ss", 5433)


@pytest.mark.django_db
def test_sqlite_pragmas_are_in_force():
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone() == (2,)
        cursor.execute("PRAGMA secure_delete")
        assert cursor.fetchone() == (1,)
        cursor.execute("PRAGMA foreign_keys")
        assert cursor.fetchone() == (1,)


def test_mail_address_becomes_a_mailer():
    entry = env.mailer("smtp+ssl://clerk:secret@mail.example.org:465")
    assert entry["OPTIONS"] == {
        "host": "mail.example.org",
        "port": 465,
        "username": "clerk",
        "password": "secret",
        "use_ssl": True,
    }
    with pytest.raises(ImproperlyConfigured):
        env.mailer("pigeon://")


def test_content_security_policy_allows_nothing_inline():
    policy = {name: [str(value) for value in values] for name, values in settings.SECURE_CSP.items()}
    assert policy["default-src"] == ["'self'"]
    assert policy["object-src"] == policy["frame-ancestors"] == ["'none'"]
    assert not any("unsafe" in value for values in policy.values() for value in values)


def test_in_a_deployment_the_second_factor_cannot_be_switched_off():
    assert load("SECOND_FACTOR_COMPULSORY", SECOND_FACTOR="false").stdout.strip() == "True"
    assert load("SECOND_FACTOR_COMPULSORY", MOFU_ENV="dev").stdout.strip() == "False"
    assert load("SECOND_FACTOR_COMPULSORY", MOFU_ENV="dev", SECOND_FACTOR="true").stdout.strip() == "True"


@pytest.mark.parametrize(("wish", "found"), [("", "False"), ("true", "True")])
def test_djangos_administration_has_no_address_in_a_deployment_unless_asked_for(wish, found):
    show = (
        "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'mofu.settings'; django.setup(); "
        "from django.urls import is_valid_path; print(is_valid_path('/admin/login/') is not False)"
    )
    done = python("-c", show, ADMIN_SITE=wish)
    assert done.stdout.strip() == found, done.stderr

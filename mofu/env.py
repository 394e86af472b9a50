"""Reading environment variables; every bad value raises ImproperlyConfigured naming the variable."""

import base64
import binascii
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import FileAwareEnv

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}
_PATIENCE = 20  # seconds a writer waits for another
_SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={_PATIENCE * 1000}",
    "foreign_keys=ON",
    "secure_delete=ON",  # what is erased does not stay readable in pages that are free
    "cache_size=-65536",
    "mmap_size=268435456",
)
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_KEY_ID = re.compile(r"[A-Za-z0-9_-]+")
_BUCKET_OPTIONS = {"endpoint", "region", "addressing"}
_DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql")
FIELD_KEY_BYTES = 32


def text(name: str, default: str = "") -> str:
    """The variable's value without surrounding blanks; an empty one counts as not set."""
    return os.environ.get(name, "").strip() or default


def choice(name: str, allowed: tuple[str, ...], default: str) -> str:
    """One of `allowed`."""
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value!r}: must be one of {', '.join(allowed)}.")
    return value


def boolean(name: str, *, default: bool) -> bool:
    """true/false, yes/no, on/off, 1/0."""
    word = text(name, "true" if default else "false").lower()
    if word not in _TRUE | _FALSE:
        raise ImproperlyConfigured(f"{name}={word!r}: must be true or false.")
    return word in _TRUE


def integer(name: str, *, default: int, minimum: int = 0) -> int:
    """A whole number not below `minimum`."""
    value = text(name, str(default))
    if not value.isdecimal() or int(value) < minimum:
        raise ImproperlyConfigured(f"{name}={value!r}: must be a whole number, at least {minimum}.")
    return int(value)


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A comma-separated list without empty parts."""
    return [part.strip() for part in text(name).split(",") if part.strip()] or list(default)


def lines_of_file(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """The lines of the file that the variable names, without empty ones and # comments."""
    path = text(name)
    if not path:
        return list(default)
    try:
        lines = Path(path).read_text("utf-8").splitlines()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}={path!r}: cannot be read ({error.strerror}).") from error
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def required(name: str, hint: str) -> str:
    """A value that has no safe default."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {hint}")
    return value


def directory(name: str, default: Path) -> Path:
    """An absolute folder path; the folder itself is made by whoever writes into it."""
    path = Path(text(name, str(default)))
    if not path.is_absolute():
        raise ImproperlyConfigured(f"{name}={str(path)!r}: must be an absolute path.")
    return path


def field_keys(value: str) -> dict[str, bytes]:
    """Key id → 32 bytes, from `kid:base64[,kid:base64…]`; new values are encrypted with the first."""
    keys: dict[str, bytes] = {}
    for part in value.split(","):
        kid, _, encoded = part.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise ImproperlyConfigured(f"FIELD_KEYS: key {kid!r} is not base64.") from error
        if not _KEY_ID.fullmatch(kid) or kid in keys or len(key) != FIELD_KEY_BYTES:
            raise ImproperlyConfigured(
                f"FIELD_KEYS: key {kid!r} must have an id of its own (letters, digits, - and _) and be {FIELD_KEY_BYTES} bytes long."
            )
        keys[kid] = key
    return keys


def database(url: str, base: Path) -> dict[str, Any]:
    """Django's database entry for a sqlite:// or postgres:// address; relative files are below `base`."""
    if url.partition(":")[0] not in _DATABASE_SCHEMES:
        raise ImproperlyConfigured("DATABASE_URL: must begin with sqlite:// or postgres://.")
    config: dict[str, Any] = FileAwareEnv.db_url_config(url)
    if not config.get("NAME"):
        raise ImproperlyConfigured("DATABASE_URL: names no database.")
    if config["ENGINE"].endswith("sqlite3"):
        return config | _sqlite(config["NAME"], base)
    options = config.get("OPTIONS", {}) | {"options": f"-c lock_timeout={_PATIENCE * 1000}"}
    return config | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


def _sqlite(name: str, base: Path) -> dict[str, Any]:
    """Writers queue up to 20 s (IMMEDIATE), readers never wait (WAL), a commit survives power loss (FULL).

    Makes the file's folder, so that a first command finds a place to write.
    """
    if name != ":memory:":
        name = str(base / name)
        Path(name).parent.mkdir(parents=True, exist_ok=True)
    return {
        "NAME": name,
        "CONN_MAX_AGE": 60,  # opening a connection and its cold cache cost a list page 5 ms
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": _PATIENCE,
            "init_command": "".join(f"PRAGMA {pragma};" for pragma in _SQLITE_PRAGMAS),
        },
    }


def media(url: str, access_key: str, secret_key: str) -> dict[str, Any]:
    """Django's STORAGES entry for uploaded files: a folder when `url` is empty, else s3://bucket/prefix?endpoint=…&region=….

    `endpoint` (http or https; AWS when left out), `region` and `addressing` (path or virtual) are optional. No message
    repeats the address: somebody may have put a key into it.
    """
    if not url:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"file_permissions_mode": 0o640, "directory_permissions_mode": 0o750},
        }
    try:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        _check_bucket(parts, options)
    except ValueError as error:
        raise ImproperlyConfigured("MEDIA_STORAGE: not an address.") from error
    if not (access_key and secret_key):
        raise ImproperlyConfigured("MEDIA_STORAGE also needs MEDIA_ACCESS_KEY and MEDIA_SECRET_KEY.")
    return {
        "BACKEND": "mofu.object_storage.ObjectStorage",
        "OPTIONS": {
            "bucket_name": parts.netloc,
            "location": parts.path.strip("/"),
            "endpoint_url": options.get("endpoint"),
            "region_name": options.get("region"),
            "addressing_style": options.get("addressing", "path" if "endpoint" in options else "virtual"),
            "access_key": access_key,
            "secret_key": secret_key,
        },
    }


def _check_bucket(parts: SplitResult, options: dict[str, str]) -> None:
    """Refuse an address of an object store that cannot be meant."""
    endpoint = urlsplit(options.get("endpoint", "https://given-by-region"))
    wrong = {
        "must look like s3://bucket/prefix?endpoint=https://host&region=name, without keys": parts.scheme
        != "s3"
        or not _BUCKET.fullmatch(parts.netloc)
        or bool(parts.fragment),
        "the prefix may not contain empty or dotted steps": bool({"", ".", ".."} & set(_steps(parts.path))),
        f"knows only {', '.join(sorted(_BUCKET_OPTIONS))} behind the question mark": not options.keys()
        <= _BUCKET_OPTIONS,
        "endpoint must be an http:// or https:// address of a host alone": endpoint.scheme
        not in ("http", "https")
        or not endpoint.hostname
        or "@" in endpoint.netloc
        or endpoint.path not in ("", "/"),
        "addressing must be path or virtual": options.get("addressing", "path") not in ("path", "virtual"),
    }
    for words, found in wrong.items():
        if found:
            raise ImproperlyConfigured(f"MEDIA_STORAGE: {words}.")


def _steps(path: str) -> list[str]:
    return path.strip("/").split("/") if path.strip("/") else []


def cache(url: str) -> dict[str, Any]:
    """Django's cache entry for an address such as locmemcache://, filecache:///path or redis://host:6379/1."""
    try:
        return FileAwareEnv.cache_url_config(url)
    except (ImproperlyConfigured, KeyError) as error:
        raise ImproperlyConfigured(f"CACHE_URL={url!r}: not a known cache address.") from error


def mailer(url: str) -> dict[str, Any]:
    """Django's MAILERS entry for an address such as consolemail:// or smtp+ssl://user:password@host:465."""
    config = FileAwareEnv.email_url_config(url)
    options = {
        key.removeprefix("EMAIL_").lower(): value
        for key, value in config.items()
        if key.startswith("EMAIL_") and key not in {"EMAIL_BACKEND", "EMAIL_FILE_PATH"} and value
    }
    renamed = {"host_user": "username", "host_password": "password"}
    smtp = config["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    return {
        "BACKEND": config["EMAIL_BACKEND"],
        "OPTIONS": {renamed.get(key, key): value for key, value in options.items()} if smtp else {},
    }

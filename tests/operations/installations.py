"""Installations of their own: a database, a media folder, and commands run on them as an administrator would."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

_DIGEST = """
import hashlib, django; django.setup()
from django.apps import apps
from django.db import connection
found = hashlib.sha256()
for model in sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.db_table):
    if model._meta.managed and not model._meta.proxy and model._meta.label not in ("accounts.TrailEntry", "accounts.TrailBlock"):
        for row in model._base_manager.order_by(*model._meta.pk_fields and [f.attname for f in model._meta.pk_fields]).values_list().iterator():
            found.update(repr(row).encode())
print(found.hexdigest())
"""


@dataclass(frozen=True)
class Installation:
    """A folder with ``media``, and the address of a database."""

    folder: Path
    database: str

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a ``manage.py`` command."""
        return self.python(str(Path(settings.BASE_DIR) / "manage.py"), *arguments, **more)

    def done(self, *arguments: str, **more: str) -> str:
        """Run a command that has to succeed; return what it printed."""
        result = self.run(*arguments, **more)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def logical(self) -> str:
        """A digest of every row of every table but the trail, which grows with each command."""
        result = self.python("-c", _DIGEST, DJANGO_SETTINGS_MODULE="mofu.settings")
        assert result.returncode == 0, result.stderr
        return result.stdout.strip()

    def media(self) -> dict[str, str]:
        """SHA-256 by name of every uploaded file."""
        root = self.folder / "media"
        files = [path for path in root.rglob("*") if path.is_file() and "before-restore" not in str(path)]
        return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    def python(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run Python with the environment of this installation."""
        env = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "MOFU_ENV": "dev",
            "DATABASE_URL": self.database,
            "MEDIA_ROOT": f"{self.folder}/media",
            "CACHE_URL": f"filecache://{self.folder}/cache",
            "PYTHONPATH": str(settings.BASE_DIR),
        } | more
        return subprocess.run(
            [sys.executable, *arguments], env=env, capture_output=True, text=True, check=False
        )


def on_sqlite(folder: Path) -> Installation:
    """Return an installation with a SQLite file in ``folder``."""
    (folder / "media").mkdir(parents=True, exist_ok=True)
    return Installation(folder, f"sqlite:///{folder}/db.sqlite3")

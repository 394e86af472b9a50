"""One measurement on several databases: each in a process of its own, because Django reads its settings once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence


def each_apart(module: str, databases: Sequence[str], *arguments: str) -> bool:
    """Run ``python -m module`` for each of several databases and return True; for one (or none) only set the environment."""
    if len(databases) > 1:
        for url in databases:
            subprocess.run([sys.executable, "-m", module, "--database", url, *arguments], check=True)
        return True
    if databases:
        os.environ["DATABASE_URL"] = databases[0]
    os.environ.setdefault("MOFU_ENV", "dev")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mofu.settings")
    return False

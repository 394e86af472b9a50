"""Installing triggers: rules that hold whatever writes to a table, our code or somebody's SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import connections, transaction

Statements = Mapping[str, Callable[[], Iterable[str]]]  # by vendor: what installs the triggers anew


def installer(statements: Statements) -> Callable[..., None]:
    """Return a receiver of ``post_migrate`` that installs triggers anew: SQLite drops them with a table it remakes."""

    def install(using: str = "default", **_: Any) -> None:
        connection = connections[using]
        with transaction.atomic(using), connection.cursor() as cursor:
            for statement in statements[connection.vendor]():
                cursor.execute(statement)

    return install


def installed(using: str = "default") -> set[str]:
    """Return the names of the triggers that are in force."""
    connection = connections[using]
    known = {
        "sqlite": "select name from sqlite_master where type = 'trigger'",
        "postgresql": "select tgname from pg_trigger where not tgisinternal and tgenabled <> 'D'",
    }
    with connection.cursor() as cursor:
        cursor.execute(known[connection.vendor])
        return {name for (name,) in cursor.fetchall()}

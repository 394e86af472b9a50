"""Installing triggers: rules that hold whatever writes to a table, our code or somebody's SQL."""

from __future__ import annotations

import re
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


def altered(statements: Statements, using: str = "default") -> set[str]:
    """Return the names of triggers and functions that are missing, switched off, or not as ``statements`` install them."""
    vendor = connections[using].vendor
    found = _IN_FORCE[vendor](using)
    wanted = [sql for sql in statements[vendor]() if not sql.startswith("drop ")]
    return {_NAME.search(sql)[1] for sql in wanted if _plain(sql) not in found}


_NAME = re.compile(r"\b(?:trigger|function) (\w+)")


def _plain(sql: str) -> str:
    """Return a statement as it compares: a database gives back other capitals and blanks than it was given."""
    return " ".join(sql.lower().split())


def _on_sqlite(using: str) -> set[str]:
    """Return the statements of the triggers in force, as SQLite keeps them."""
    with connections[using].cursor() as cursor:
        cursor.execute("select sql from sqlite_master where type = 'trigger'")
        return {_plain(sql) for (sql,) in cursor.fetchall()}


def _on_postgresql(using: str) -> set[str]:
    """Return the statements that would make the triggers in force and their functions, put together anew."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "select pg_get_triggerdef(t.oid, true), t.tgname, t.tgrelid::regclass::text, t.tgenabled::text, "
            "p.proname, l.lanname, p.prosrc, p.proconfig is null from pg_trigger t join pg_proc p on p.oid = t.tgfoid "
            "join pg_language l on l.oid = p.prolang where not t.tgisinternal and t.tgenabled in ('A', 'O')"
        )
        found = set()
        for trigger, name, table, enabled, function, language, body, unset in cursor.fetchall():
            found.add(_plain(trigger))
            if enabled == "A":
                found.add(_plain(f"alter table {table} enable always trigger {name}"))
            if unset:
                found.add(
                    _plain(
                        f"create or replace function {function}() returns trigger language {language} as $${body}$$"
                    )
                )
        return found


_IN_FORCE = {"sqlite": _on_sqlite, "postgresql": _on_postgresql}

"""Installing the triggers, comparing the summaries with the records, counting them anew."""

from __future__ import annotations

from typing import Any

from django.db import connections, models, transaction

from actions.summaries import postgresql, sqlite
from actions.summaries.counts import expected
from mofu.accounts import triggers

install = triggers.installer({"sqlite": sqlite.statements, "postgresql": postgresql.statements})


def differences(using: str = "default") -> dict[str, int]:
    """Return for every summary how many of its rows differ from what the records say."""
    connection, found = connections[using], {}
    for model, (columns, counted) in expected(connection.vendor).items():
        kept = f"select {', '.join(columns)} from {model._meta.db_table}"
        sides = (
            f"select * from ({one}) a except select * from ({other}) b"
            for one, other in ((counted, kept), (kept, counted))
        )
        with connection.cursor() as cursor:
            cursor.execute(" union all ".join(f"select count(*) from ({side}) s" for side in sides))
            found[str(model._meta.verbose_name)] = sum(row[0] for row in cursor.fetchall())
    return found


def rebuild(using: str = "default") -> None:
    """Count every summary anew from the records, in one transaction; nobody writes ten ones meanwhile."""
    connection = connections[using]
    with transaction.atomic(using), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("lock table actions_tenone, actions_worker in share mode")
        for model, (columns, counted) in expected(connection.vendor).items():
            _refill(cursor, model, columns, counted)


def _refill(cursor: Any, model: type[models.Model], columns: tuple[str, ...], counted: str) -> None:
    table = model._meta.db_table
    cursor.execute(f"delete from {table}")
    cursor.execute(f"insert into {table} ({', '.join(columns)}) {counted}")

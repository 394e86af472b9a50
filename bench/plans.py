"""The slowest query of a page and how the database runs it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

MAX_SQL = 700


@dataclass(frozen=True)
class Slowest:
    """A page's number of queries, their time in seconds, the slowest one and its plan."""

    queries: int
    seconds: float
    worst: float
    sql: str
    plan: list[str]


def slowest(client: Client, path: str) -> Slowest:
    """Fetch ``path`` in this process and explain its slowest query."""
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get(path)
    queries = [(float(query["time"]), query["sql"]) for query in captured.captured_queries]
    asked = [(taken, sql) for taken, sql in queries if sql.startswith("SELECT")]
    worst, sql = max(asked)
    return Slowest(len(queries), sum(taken for taken, _ in queries), worst, sql, explain(sql))


def explain(sql: str) -> list[str]:
    """Return the plan, one line a step."""
    word = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        cursor.execute(f"{word} {sql}")
        rows = cursor.fetchall()
    if connection.vendor != "sqlite":
        return [str(row[0]) for row in rows]
    depth = {0: -1}
    lines = []
    for key, parent, _, text in rows:
        depth[key] = depth.get(parent, -1) + 1
        lines.append("  " * depth[key] + str(text))
    return lines


def shortened(sql: str) -> str:
    """Return the query without its long column list."""
    head, _, tail = sql.partition(" FROM ")
    head = head if len(head) < 200 else f"{head[:120]} …"
    whole = f"{head} FROM {tail}" if tail else head
    return whole if len(whole) <= MAX_SQL else f"{whole[:MAX_SQL]} …"

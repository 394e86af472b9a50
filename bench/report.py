"""Printing what was measured, as Markdown tables for docs/performance.md."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.test import Client

from actions.models import TenOne
from bench.measure import Page
from bench.plans import shortened, slowest
from models_app.models import Laureate


def figures(*groups: Sequence[Page]) -> None:
    """Print the engine, the size of the database and every page's times."""
    laureates, ten_ones = Laureate.everything.count(), TenOne.everything.count()
    print(f"\n## {connection.vendor}: {laureates} laureates, {ten_ones} ten-ones\n")
    print("| page | p50 ms | p95 ms | kB | fetches |\n|---|---|---|---|---|")
    for page in [page for group in groups for page in group]:
        print(
            f"| {page.name} | {page.p50:.1f} | {page.p95:.1f} | {page.size / 1000:.0f} | {len(page.times)} |"
        )


def verdicts(lists: Sequence[Page], boards: Sequence[Page], rates: Sequence[float]) -> None:
    """Print the ratios to the admin and what the targets say."""
    ours, admin, far, _, found, admin_found = lists
    rate, admin_rate = rates
    print("\n| measured | figure | target | met |\n|---|---|---|---|")
    _verdict("list, p50 ms", ours.p50, 25)
    _verdict("list, p95 ms", ours.p95, 35)
    _verdict("list p50 ÷ admin p50", ours.p50 / admin.p50, 0.5)
    _verdict("page 1000 − page 1, p50 ms", far.p50 - ours.p50, 3)
    _verdict("search of two characters, p50 ms", found.p50, 45)
    _verdict("search p50 ÷ admin p50", found.p50 / admin_found.p50, 0.5)
    _verdict("list at 8 clients, req/s", rate, 100, at_least=True)
    _verdict("list req/s ÷ admin req/s", rate / admin_rate, 2, at_least=True)
    for page in boards:
        _verdict(f"{page.name}, p50 ms (target of a later issue)", page.p50, 100)


def _verdict(name: str, figure: float, target: float, *, at_least: bool = False) -> None:
    met = figure >= target if at_least else figure <= target
    print(f"| {name} | {figure:.2f} | {'≥' if at_least else '≤'} {target} | {'yes' if met else 'no'} |")


def plans(client: Client, pages: Sequence[Page], many: int = 3) -> None:
    """Print the slowest query of the slowest pages of ours with its plan."""
    own = [page for page in pages if not page.is_admin]
    for page in sorted(own, key=lambda page: page.p50, reverse=True)[:many]:
        found = slowest(client, page.path)
        print(f"\n### {page.name} ({page.path})\n")
        print(
            f"{found.queries} queries, {found.seconds * 1000:.0f} ms in all; the slowest took {found.worst * 1000:.0f} ms:\n"
        )
        print(f"```sql\n{shortened(found.sql)}\n```\n")
        print("```text", *found.plan, "```", sep="\n")

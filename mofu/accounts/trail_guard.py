"""The database's own refusal to alter the trail: no UPDATE, no TRUNCATE, no DELETE but of the oldest, after 184 days.

The six months of the Cybersecurity Law (第二十三条第三项) are at most 184 days; no setting goes below them.
"""

from __future__ import annotations

from collections.abc import Iterator

from mofu.accounts import triggers

ENTRIES, BLOCKS = "accounts_trailentry", "accounts_trailblock"
KEPT_DAYS = 184
_NEVER = "the trail is append-only"
_EARLY = f"the trail is kept for {KEPT_DAYS} days and goes oldest first"


def _sqlite() -> Iterator[str]:
    young = f"old.at > strftime('%Y-%m-%d %H:%M:%S', 'now', '-{KEPT_DAYS} days')"
    older = f"exists (select 1 from {ENTRIES} where id < old.id)"
    for name, event, when, words in (
        ("trail_unaltered", f"update on {ENTRIES}", "true", _NEVER),
        ("trail_unreplaced", f"insert on {ENTRIES}", f"exists (select 1 from {ENTRIES} where id = new.id)", _NEVER),
        ("trail_kept", f"delete on {ENTRIES}", f"{young} or {older}", _EARLY),
        ("trail_blocks_unaltered", f"update on {BLOCKS}", "true", _NEVER),
        ("trail_blocks_unreplaced", f"insert on {BLOCKS}", f"exists (select 1 from {BLOCKS} where id = new.id)", _NEVER),
        ("trail_blocks_kept", f"delete on {BLOCKS}", "true", _NEVER),
    ):  # fmt: skip
        yield f"drop trigger if exists {name}"
        yield f"create trigger {name} before {event} when {when} begin select raise(abort, '{words}'); end"


def _postgresql() -> Iterator[str]:
    yield _function("trail_refuse", f"raise exception '{_NEVER}';")
    yield _function(
        "trail_keep",
        f"if exists (select 1 from gone where at > now() - interval '{KEPT_DAYS} days') or "
        f"(select max(id) from gone) > (select min(id) from {ENTRIES}) then raise exception '{_EARLY}'; end if; "
        "return null;",
    )
    for name, event, table, rows, function in (
        ("trail_unaltered", "before update or truncate", ENTRIES, "", "trail_refuse"),
        ("trail_kept", "after delete", ENTRIES, "referencing old table as gone", "trail_keep"),
        ("trail_blocks_unaltered", "before delete or update or truncate", BLOCKS, "", "trail_refuse"),
    ):
        yield f"drop trigger if exists {name} on {table}"
        yield f"create trigger {name} {event} on {table} {rows} for each statement execute function {function}()"
        yield f"alter table {table} enable always trigger {name}"  # also where replication switches others off


def _function(name: str, body: str) -> str:
    return f"create or replace function {name}() returns trigger language plpgsql as $$ begin {body} end $$"


STATEMENTS = {"sqlite": _sqlite, "postgresql": _postgresql}
install = triggers.installer(STATEMENTS)

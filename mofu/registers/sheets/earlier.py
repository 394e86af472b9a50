"""Whether the very same file was imported before, and who may know by whom."""

from __future__ import annotations

from dataclasses import dataclass

from mofu.accounts.scope import scope_path_of, under
from mofu.registers.models import ImportBatch, ImportState


@dataclass(frozen=True)
class Earlier:
    """That the very same file was imported before; ``batch`` is None where the user may not know when and by whom."""

    batch: ImportBatch | None


def earlier(batch: ImportBatch) -> Earlier | None:
    """Return the last import of the very same file, one of the user's own unit or below it first."""
    same = ImportBatch.objects.filter(slug=batch.slug, sha256=batch.sha256, state=ImportState.DONE)
    same = same.exclude(pk=batch.pk).select_related("user")
    path = scope_path_of(batch.user) if batch.user else None
    seen = same.filter(under(path, "user__organization__path")).first() if path is not None else None
    return Earlier(seen) if seen is not None or same.exists() else None

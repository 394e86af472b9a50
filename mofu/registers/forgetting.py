"""What merges have kept of rows: found by whom it is about, and forgotten with the files that nothing else names."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.core.files.storage import Storage
from django.db import models

from mofu.registers import own_files
from mofu.registers.merge_log import content
from mofu.registers.models import Merge

logger = logging.getLogger(__name__)


def holding(records: Iterable[models.Model]) -> models.QuerySet[Merge]:
    """Return the merges whose payload tells of these rows, or of rows that went into them one merge after the other.

    A merge that goes makes the earlier ones of the rows it had swallowed impossible to take back: they are among them.
    """
    known = {(record._meta.label_lower, record.pk) for record in records}
    found = []
    # Newest first: what went into a row later leads to what had gone into that before.
    kept = Merge.objects.exclude(payload=b"").order_by("-pk")
    for key, payload, undone_at in kept.values_list("pk", "payload", "undone_at"):
        told = content(payload)
        rows = {(label, pk) for label, pk, *_ in told["rows"]}
        gone = {(label, pk) for label, pk, _ in told["folded"]}
        into = {(label, pk) for label, _, pk in told["folded"]}
        if known & (rows | gone | into):
            found.append(key)
            known |= set() if undone_at else gone
    return Merge.objects.filter(pk__in=found)


def forget(merges: models.QuerySet[Merge]) -> None:
    """Empty payloads for good, and delete the files that only they still named; they cannot be taken back any more."""
    kept = Merge.objects.exclude(payload=b"")
    going = dict(merges.exclude(payload=b"").values_list("pk", "payload"))
    Merge.objects.filter(pk__in=going).update(payload=b"")
    try:
        files = _files(going.values())
        needed = own_files.named(files) if files else set()
        needed |= _files(kept.values_list("payload", flat=True)).keys() if files else set()
    except (InvalidTag, LookupError, ValueError, zlib.error):
        logger.warning("a merge cannot be read; files that only merges name are left where they are")
        return
    for name in files.keys() - needed:
        own_files.discard_named(files[name], name)


def _files(payloads: Iterable[bytes]) -> dict[str, Storage]:
    """Return the stored files that payloads name, with where they are."""
    found = {}
    for payload in payloads:
        for label, _, *sides in content(payload)["rows"]:
            for field in own_files.file_fields(apps.get_model(label)):
                names = (values.get(field.attname) for values in sides if values)
                found |= {name: field.storage for name in names if name}
    return found

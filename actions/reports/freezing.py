"""定稿: a report as it was issued — figures, files, who and when — and what has changed since."""

from __future__ import annotations

import hashlib
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict

from actions.models import FrozenFile, FrozenReport
from actions.reports.drafts import finished
from actions.reports.kinds import KINDS
from actions.reports.making import generated_report
from actions.reports.orders import Order, OrderError, OutOfSight, read_order
from actions.reports.renderings import WRITERS
from mofu.accounts.models import User
from mofu.documents.stored import as_json, differences, from_json

Difference = tuple[str, str, str]


def freeze(order: Order, user: User) -> FrozenReport:
    """Keep the report as it stands now, with its files; all of them are made from the same figures or none is kept.

    Raises PdfUnavailable where PDFs cannot be made: what is issued is kept in every format.
    """
    report = finished(order, generated_report(order))
    files = {suffix: WRITERS[suffix](report) for suffix in order.kind.suffixes}
    with transaction.atomic():
        frozen = FrozenReport(**order.names, title=report.title, content=as_json(report), frozen_by=user)
        frozen.save()
        for suffix, content in files.items():
            digest = hashlib.sha256(content).hexdigest()
            kept = FrozenFile(frozen=frozen, suffix=suffix, sha256=digest, size=len(content))
            kept.content = content
            kept.save()
    return frozen


def frozen_of(order: Order) -> QuerySet[FrozenReport]:
    """Return the frozen versions of a report, the newest first, without their contents."""
    rows = FrozenReport.objects.visible_to(order.user).filter(**order.names)
    return rows.select_related("frozen_by").defer("content")


def changed_since(frozen: FrozenReport, user: User) -> list[Difference] | None:
    """Return (what, then, now) of what reads otherwise today; None where the report can no longer be made."""
    words = {"year": frozen.year, "span": frozen.span, "org": frozen.org.code}
    words |= {"subject": frozen.subject} if frozen.subject else {}
    query = QueryDict(urlencode(words))
    try:
        order = read_order(KINDS[frozen.kind], query, user)
        return differences(from_json(frozen.content), finished(order, generated_report(order)))
    except (KeyError, OrderError, OutOfSight):
        return None

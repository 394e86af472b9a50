"""定稿: a report as it was issued — figures, files, who and when — and what has changed since."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from actions.models import FrozenFile, FrozenReport
from actions.reports import numbers
from actions.reports.drafts import Overtaken, digest, draft_of, finished, keyed
from actions.reports.kinds import KINDS
from actions.reports.making import generated_report
from actions.reports.orders import Order, OrderError, OutOfSight, read_order
from actions.reports.renderings import WRITERS
from mofu.accounts.models import User
from mofu.documents.report import Report
from mofu.documents.stored import as_json, differences, from_json

Difference = tuple[str, str, str]


_HEAD, _REST = ":head", ":rest"  # parts of a paper beside its passages, which go by their keys


class NotAsSeen(Overtaken):
    """The paper is no longer what the user saw; ``passages`` are the keys of those that read otherwise now."""

    def __init__(self, report: Report, seen: str) -> None:
        then, now = _read(seen), _parts(report)
        headings = {key: heading for key, heading, _ in keyed(report)}
        changed = [key for key in now if now[key] != then.get(key)] if then else []
        self.passages = [key for key in changed if key in headings]
        told = [f"正文“{headings[key]}”" for key in self.passages]
        told += ["文号、主送、成文日期或发文单位"] if _HEAD in changed else []
        told += [] if told else ["表格、图或版式"]
        super().__init__(
            f"没有定稿：您打开本页以后，{'、'.join(told)}已有变化。下面是现在的内容，请核对后再定稿。"
            if then
            else "没有定稿：不能确定您看到的是哪一版内容。下面是现在的内容，请核对后再定稿。"
        )


def seen_paper(report: Report) -> str:
    """Return what tells a finished report, part by part, from itself before and after a change; its page carries it."""
    return " ".join(f"{part}={found}" for part, found in _parts(report).items())


def _parts(report: Report) -> dict[str, str]:
    parts = {key: digest(text) for key, _, text in keyed(report)}
    head = json.dumps(as_json([report.issuer, report.date, report.formalities]))
    return parts | {_HEAD: digest(head), _REST: digest(json.dumps(as_json(report)))}


def _read(seen: str) -> dict[str, str]:
    return dict(part.rsplit("=", 1) for part in seen.split() if "=" in part)


def freeze(order: Order, user: User, *, seen: str) -> FrozenReport:
    """Keep the report as it stands now, with its files; all of them are made from the same figures or none is kept.

    ``seen`` is ``seen_paper`` of the user's page; raises NotAsSeen where the report reads otherwise by now, OrderError where
    another paper of the unit bears its number, PdfUnavailable where PDFs cannot be made: what is issued is kept in every format.
    """
    draft = draft_of(order)
    if draft and (refusal := numbers.refusal_of(order, draft.number, draft.dated)):
        raise OrderError(refusal)
    report = finished(order, generated_report(order))
    if seen != seen_paper(report):
        raise NotAsSeen(report, seen)
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
    """Return (what, then, now) of what the records of today make of the report; None where it can no longer be made.

    It is made as of the day it was frozen: that time has gone by changes nothing. Where ``user`` sees no less than who
    froze it, it is made in their name; else what is only said to readers of the whole city is not held to be missing.
    """
    eyes = frozen.frozen_by if _sees_all_of(user, frozen.frozen_by) else user
    found = _differences(frozen, eyes)
    return found if found is None or eyes == frozen.frozen_by else [one for one in found if one[2]]


def _sees_all_of(user: User, other: User) -> bool:
    return other.scope_path is not None and other.scope_path.startswith(user.scope_path or "")


def _differences(frozen: FrozenReport, user: User) -> list[Difference] | None:
    words = {"year": frozen.year, "span": frozen.span, "org": frozen.org.code}
    words |= {"subject": frozen.subject} if frozen.subject else {}
    query = QueryDict(urlencode(words))
    try:
        order = read_order(KINDS[frozen.kind], query, user)
        order = replace(order, today=timezone.localdate(frozen.frozen_at))
        return differences(from_json(frozen.content), finished(order, generated_report(order)))
    except (KeyError, OrderError, OutOfSight):
        return None

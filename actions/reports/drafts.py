"""What staff make of a generated report: their own words beside the generated ones, number, addressee, date."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from actions.models import PaperSettings, ReportDraft, ReportEdit
from actions.reports import numbers
from actions.reports.orders import Order, OrderError
from mofu.accounts.models import Organization, User
from mofu.documents.characters import unprintable, without_hidden
from mofu.documents.report import Formalities, Paragraph, Report, Section, numbered
from mofu.documents.values import long_date


class Unkept(ValueError):  # noqa: N818 - it reads as what happened
    """What was written cannot be kept; the message tells the user why."""


class Overtaken(OrderError):  # noqa: N818 - it reads as what happened
    """The words on the user's page are no longer those that stand: somebody rewrote them, or a figure changed."""


_FIGURE = re.compile(r"\d+(?:\.\d+)?%?")


@dataclass(frozen=True)
class Passage:
    """A paragraph on the page of a report: where it stands, what was generated, what staff wrote instead."""

    key: str
    heading: str
    generated: str
    edit: ReportEdit | None = None

    @property
    def text(self) -> str:
        """The words that are printed."""
        return self.edit.text if self.edit else self.generated

    @property
    def seen(self) -> str:
        """What tells these words, generated and staff's own, from those before and after a change."""
        return digest(self.generated, self.edit and self.edit.text)

    @property
    def is_stale(self) -> bool:
        """Whether the generated words have changed since staff wrote their own."""
        return self.edit is not None and self.edit.generated != self.generated

    @property
    def changed_figures(self) -> list[tuple[str, str]]:
        """Figures of the generated words then and now, as far as they differ."""
        if self.edit is None:
            return []
        then, now = _FIGURE.findall(self.edit.generated), _FIGURE.findall(self.generated)
        if len(then) == len(now):
            return [(old, new) for old, new in zip(then, now, strict=True) if old != new]
        gone = [figure for figure in then if figure not in now]
        return [("、".join(gone) or "—", "、".join(figure for figure in now if figure not in then) or "—")]


def digest(*parts: object) -> str:
    """Return what tells these words from others: a page carries it to say what its reader saw."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:16]


def draft_of(order: Order) -> ReportDraft | None:
    """Return what is kept about a report, None before anybody wrote anything."""
    if not order.kind.issued:
        return None
    return ReportDraft.objects.visible_to(order.user).filter(**order.names).first()


def finished(order: Order, generated: Report) -> Report:
    """Return the report as it goes out: staff's words, letterhead, number, date. Others than issued texts stay as they are."""
    if not order.kind.issued:
        return generated
    draft = draft_of(order)
    edits = _edits(draft)
    settings, day = PaperSettings.current(), (draft and draft.dated) or generated.date
    return replace(
        generated,
        sections=[_edited(section, edits) for section in generated.sections],
        issuer=numbers.signer_of(order, settings),
        date=day,
        formalities=_formalities(order, settings, draft, day, is_wide=generated.is_wide),
    )


def _edits(draft: ReportDraft | None) -> Mapping[str, ReportEdit]:
    return {edit.key: edit for edit in draft.edits.select_related("edited_by")} if draft else {}


def _edited(section: Section, edits: Mapping[str, ReportEdit]) -> Section:
    blocks = [
        replace(block, text=edits[block.key].text)
        if isinstance(block, Paragraph) and block.key in edits
        else block
        for block in section.blocks
    ]
    return replace(section, blocks=blocks)


def _formalities(
    order: Order, settings: PaperSettings, draft: ReportDraft | None, day: date, *, is_wide: bool
) -> Formalities:
    """The city's papers bear the association's head and imprint; those of other units, and lists, their number at most."""
    addressee = (draft and draft.addressee) or (
        settings.addressee if order.kind.addressed and order.is_city else ""
    )
    number = numbers.document_no(numbers.code_of(order, settings), day, draft.number if draft else None)
    if is_wide or not order.is_city:
        return Formalities(document_no=number, addressee=addressee)
    return Formalities(
        red_head=settings.red_head if settings.shows_red_head else "",
        document_no=number,
        addressee=addressee,
        contact=settings.contact,
        copies_to=settings.copies_to if settings.printed_by else "",
        printed_by=settings.printed_by,
        printed_on=draft.dated if draft else None,
    )


def passages(order: Order, generated: Report) -> list[Passage]:
    """Return the paragraphs that may be edited, in the order of the report."""
    edits = _edits(draft_of(order))
    return [Passage(key, heading, text, edits.get(key)) for key, heading, text in keyed(generated)]


def keyed(report: Report) -> Iterator[tuple[str, str, str]]:
    """Return key, heading and words of the paragraphs that may be edited."""
    for heading, section in numbered(report.sections, "paper"):
        for block in section.blocks:
            if isinstance(block, Paragraph) and block.key:
                yield block.key, heading or report.title, block.text


@transaction.atomic
def write(order: Order, generated: Report, key: str, text: str, user: User, *, seen: str) -> None:
    """Keep staff's words for a paragraph; the generated words themselves, or none at all, take the edit back.

    ``seen`` is ``Passage.seen`` of the page the words were written on. Raises Overtaken where other words stand now,
    Unkept for words that cannot be printed, OrderError for a paragraph there is not.
    """
    draft = _locked(order, generated, user)
    passage = next((found for found in passages(order, generated) if found.key == key), None)
    if passage is None:
        raise OrderError("报告中没有这一段。")
    if seen != passage.seen:
        raise Overtaken(
            "没有保存：您打开本页以后，这一段已由他人改写，或所依据的数据有变化。请核对现在的文字后再保存，您写的内容仍在下面。"
        )
    text = _printable(text)
    if not text or text == passage.generated:
        take_back(order, key)
        return
    edit = passage.edit or ReportEdit(draft=draft, key=key)
    edit.text, edit.generated, edit.edited_by = text, passage.generated, user
    edit.save()


def _printable(text: str) -> str:
    """Return the words line by line as they are printed; Unkept where that cannot be all of them."""
    lines = (line.strip() for line in without_hidden(text).splitlines())
    text = "\n".join(line for line in lines if line)
    if len(text) > LONGEST:
        raise Unkept(f"这一段有{len(text)}字，最多{LONGEST}字，请分段或删减。")
    if lost := unprintable(text):
        raise Unkept(f"字库中没有“{lost}”，印不出来，请改用其他文字。")
    return text


LONGEST = ReportEdit._meta.get_field("text").max_length
HEAD = ("number", "addressee", "dated")
"""What staff decide about a report besides its words: number, addressee, date."""


def seen_head(draft: ReportDraft | None) -> str:
    """Return what tells number, addressee and date from those before and after a change."""
    return digest(*(getattr(draft, name, None) or "" for name in HEAD))


@transaction.atomic
def write_head(order: Order, generated: Report, values: Mapping[str, Any], user: User, *, seen: str) -> None:
    """Keep what ``values`` holds of number, addressee and date.

    Raises Overtaken where others stand than ``seen`` (``seen_head`` of the user's page), Unkept where another paper of
    the unit bears the number.
    """
    _take_turn(order)
    draft = _locked(order, generated, user)
    if seen != seen_head(draft):
        raise Overtaken(
            f"没有保存：您打开本页以后，他人已改为{_head_words(draft)}。您填写的内容仍在下面，核对后可再次保存。"
        )
    for name, value in values.items():
        setattr(draft, name, value)
    if refusal := numbers.refusal_of(order, draft.number, draft.dated):
        raise Unkept(refusal)
    draft.save()


def _take_turn(order: Order) -> None:
    """Hold the unit: its papers get their numbers one after the other."""
    units = Organization.objects.unscoped("the unit of an order in sight already")
    units.select_for_update().get(pk=order.org.pk)


def _head_words(draft: ReportDraft) -> str:
    day = long_date(draft.dated) if draft.dated else "空"
    return f"文号序号“{draft.number or '空'}”、主送“{draft.addressee or '空'}”、成文日期“{day}”"


def _locked(order: Order, generated: Report, user: User) -> ReportDraft:
    """Return the draft as it stands now, held until the transaction ends: one writer at a time."""
    draft = open_draft(order, generated)
    return ReportDraft.objects.visible_to(user).select_for_update().get(pk=draft.pk)


def open_draft(order: Order, generated: Report) -> ReportDraft:
    """Return what is kept about the report, begun if need be; whoever begins it at the same moment gets the same."""
    found = draft_of(order)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            found = ReportDraft(**order.names, title=generated.title)
            found.save()
    except IntegrityError:
        found = ReportDraft.objects.visible_to(order.user).get(**order.names)
    return found


def take_back(order: Order, key: str) -> None:
    """Let the generated words stand again."""
    draft = draft_of(order)
    for edit in ReportEdit.objects.filter(draft=draft, key=key) if draft else ():
        edit.delete()

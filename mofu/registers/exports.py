"""A register as a workbook in the conventions of a 台账: for the list page, its dialog, the background and the command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import partial
from io import BytesIO
from typing import Any

from django.db import models
from django.http import Http404, QueryDict
from django.utils import timezone

from mofu.accounts import trail
from mofu.accounts.models import User
from mofu.accounts.policy import Right, Use, may
from mofu.accounts.scope import SystemActor
from mofu.documents.ledger import Ledger, LedgerColumn, TooManyRows, write_ledger
from mofu.registers import jobs, listing, revealing, tables
from mofu.registers.columns import Column
from mofu.registers.listing import Listing
from mofu.registers.marks import Mark, mark_of
from mofu.registers.masks import TELLING, MaskStyle, mask
from mofu.registers.models import Job
from mofu.registers.register import REGISTERS, Register
from mofu.registers.typed_numbers import without_numbers

AT_ONCE = 20_000  # rows sent while the user waits (about a second); more are exported in the background
KIND = "export"
AS_LISTED, ALL = "list", "all"  # choices of columns; any other is the key of a view


@dataclass(frozen=True)
class Choice:
    """What the user wants in the file: which columns, personal numbers hidden how, or in full and what for."""

    columns: str = AS_LISTED
    style: str = MaskStyle.STRICT
    full: bool = False
    purpose: str = ""

    @property
    def tells(self) -> bool:
        """Whether numbers stand in the file in full, or so that they can be worked out."""
        return self.full or self.style in TELLING

    def numbers(self, register: Register) -> str:
        """Say how personal numbers stand in the file, nothing where there are none."""
        if not register.secret_fields:
            return ""
        return revealing.FULL if self.full else MaskStyle(self.style).title


def ledger_of(
    register: Register,
    rows: models.QuerySet,
    columns: Sequence[Column],
    *,
    unit: str,
    on: date,
    filters: str = "",
    title: str = "",
    made: str = "",
    code: str = "",
) -> Ledger:
    """Return the sheet with the given rows and columns, read while it is written."""
    return Ledger(
        title=title or f"{register.title}台账",
        columns=[LedgerColumn(column.label, column.kind, column.width, column.total) for column in columns],
        rows=tables.stream(register, rows, columns),
        unit=unit,
        date=on,
        filters=filters,
        totals=any(column.total for column in columns),
        sheet_name=register.title,
        made=made,
        code=code,
    )


def sheet_of(found: Listing, choice: Choice, now: datetime) -> Ledger:
    """Return the sheet of a list as the user wants it; Http404 for the columns of a view they may not use."""
    columns, title = _columns(found, choice)
    mark = mark_of(found.user, now)
    return ledger_of(
        found.register,
        found.rows,
        with_numbers(found.register, columns, choice, found.user),
        unit=found.user.organization.name,
        on=now.date(),
        filters=found.words,
        title=title,
        made=_made(found, choice, mark),
        code=mark.code,
    )


def note(found: Listing, choice: Choice, ledger: Ledger, count: int) -> None:
    """Put an export on the trail: what, how many, which filters, numbers hidden how, what for, which columns.

    Raises ``revealing.TooManyRows`` for more rows in full than the user may take out in a day.
    """
    said = {
        "筛选条件": without_numbers(found.words) or "无",
        revealing.NUMBERS: choice.numbers(found.register),
        "用途": without_numbers(choice.purpose),
        "编号": ledger.code,
        "列": "、".join(column.header for column in ledger.columns),
    }
    told = "；".join(f"{name}：{value}" for name, value in said.items() if value)
    changes = {
        revealing.ROWS: ["", str(count)],
        **{name: ["", value] for name, value in said.items() if value},
    }
    reason = f"{ledger.title} {count} 条；{told}"
    if choice.tells:
        revealing.note_rows(found.user, count, reason, changes)
    else:
        trail.record(trail.Action.EXPORTED, reason=reason, changes=changes)


def file_name(ledger: Ledger) -> str:
    """Return the name under which the workbook is saved."""
    return f"{ledger.title}{ledger.date:%Y%m%d}.xlsx"


def may_export(user: User, register: Register, choice: Choice) -> bool:
    """Whether the user may take this out; numbers in full, or nearly, need the right to them and a purpose."""
    if not (register.may_see(user) and may(user, Right.EXPORT)):
        return False
    return not choice.tells or bool(secrets_of(user, register, Use.EXPORT) and choice.purpose)


def secrets_of(user: User | SystemActor, register: Register, use: Use) -> str:
    """Name the columns of personal numbers and notes that the user may take out like that; empty for none."""
    names = (name for name in register.secret_fields if register.may_use(user, use, name))
    return "、".join(str(register.model._meta.get_field(name).verbose_name) for name in names)


def start(found: Listing, choice: Choice) -> Job:
    """Export in the background; the owner finds the file under 我的任务."""
    jobs.forget_old()
    words = {"slug": found.register.slug, "query": found.address, **asdict(choice)}
    return jobs.start(KIND, f"导出{found.title}", found.user, **words)


@jobs.kind(KIND)
def _export(job: Job, progress: jobs.Progress) -> None:
    register = REGISTERS[job.params["slug"]]
    choice = Choice(**{name: job.params[name] for name in asdict(Choice())})
    if not may_export(job.owner, register, choice):
        raise jobs.Refused("您已没有导出这个台账的权限。")
    progress.step(0, 0, "正在查询")
    try:
        found = Listing(register, QueryDict(job.params["query"]), job.owner)
        ledger = sheet_of(found, choice, timezone.localtime())
    except Http404 as gone:
        raise jobs.Refused(str(gone)) from gone
    ledger.rows = _watched(ledger.rows, found.filtered.count(), progress)
    out = BytesIO()
    try:
        write_ledger(ledger, out)
        note(found, choice, ledger, ledger.written)
    except (TooManyRows, revealing.TooManyRows) as refusal:
        raise jobs.Refused(str(refusal)) from refusal
    jobs.keep_result(job, out.getvalue(), file_name(ledger))
    job.message = f"共 {ledger.written} 条。"


def _watched(rows: Iterable[Any], total: int, progress: jobs.Progress) -> Iterator[Any]:
    """Pass the rows on, reporting how many have been written."""
    for number, row in enumerate(rows):
        if number % 500 == 0:
            progress.step(number, total, "正在写入")
        yield row


def _columns(found: Listing, choice: Choice) -> tuple[list[Column], str]:
    """Return the columns and the heading of the sheet."""
    if choice.columns == AS_LISTED:
        return found.columns, found.title
    if choice.columns == ALL:
        return list(found.register.all_columns.values()), found.title
    view = listing.view_of(found.register, QueryDict(f"view={choice.columns}"), found.user)
    columns, _ = listing.columns_of(found.register, view.columns if view else ())
    return columns, (view.title if view else "") or found.title


def with_numbers(
    register: Register, columns: Sequence[Column], choice: Choice, user: User | SystemActor
) -> list[Column]:
    """Return the columns that the user may see, personal numbers as chosen."""
    return [_with_numbers(register, column, choice, user) for column in register.seen_by(user, columns)]


def _with_numbers(register: Register, column: Column, choice: Choice, user: User | SystemActor) -> Column:
    """Return the column with personal numbers in the style chosen, or in full."""
    name = column.name.removeprefix("masked_")
    if name not in register.secret_fields:
        return column
    if choice.tells and not register.may_use(user, Use.EXPORT, name):
        choice = Choice()
    if choice.full:
        return replace(column, value=lambda obj: getattr(obj, name), reads=(name,))
    return replace(column, value=partial(_masked, name=name, style=choice.style), reads=(name,))


def _masked(obj: models.Model, *, name: str, style: str) -> str:
    return mask(name, getattr(obj, name) or "", style)


def _made(found: Listing, choice: Choice, mark: Mark) -> str:
    secrets = secrets_of(found.user, found.register, Use.EXPORT if choice.tells else Use.SEE)
    said = [mark.words]
    said += [f"{secrets}：{choice.numbers(found.register)}"] if secrets else []
    said += [f"用途：{choice.purpose}"] if choice.purpose else []
    return "　".join(said)

"""An import from upload to undo: where it stands, the work that is done on it, the sealed files that go with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from mofu.accounts import trail
from mofu.accounts.models import User
from mofu.encryption import seal, unseal
from mofu.registers import jobs
from mofu.registers.models import FileRole, ImportBatch, ImportFile, ImportState, Job, JobState
from mofu.registers.register import REGISTERS, Register
from mofu.registers.sheets import committing, previews, refusing, undoing
from mofu.registers.sheets.answers import Answers
from mofu.registers.sheets.committing import Outcome
from mofu.registers.sheets.previews import Preview
from mofu.registers.sheets.reading import SheetRefused, read_to_keep, reread

AT_ONCE = 2000  # rows that are checked and written while the user waits; more is done in the background
HANDLED = "这个文件已经导入或放弃，没有重复处理。"
CHECK, COMMIT, UNDO = "import-check", "import-commit", "import-undo"


class NotNow(Exception):  # noqa: N818 - an answer for the user
    """The import is not in the state that this step needs; the message says so."""


# steps of the user ---------------------------------------------------------------------------------------


def open_batch(register: Register, user: User, name: str, content: bytes) -> ImportBatch:
    """Keep what an upload says and check it; raises SheetRefused for a file that cannot be read at all.

    The file is opened once: what was read is kept, every check and the import go on from there.
    """
    sheets, read = read_to_keep(name, content)
    rows = max((len(sheet.rows) for sheet in sheets), default=0)
    forget_old()
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            slug=register.slug,
            user=user,
            file_name=name[-200:],
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            counts={"rows": rows},
        )
        keep(batch, FileRole.SOURCE, read)
    check(batch)
    if batch.job is not None and batch.job.state == JobState.FAILED:
        refusal = batch.job.message
        batch.delete()
        raise SheetRefused(refusal)
    return batch


def check(batch: ImportBatch) -> None:
    """Check the upload (again), with the answers given so far."""
    waiting = (ImportState.CHECKING, ImportState.PREVIEW)
    _begin(batch, CHECK, f"核对“{batch.file_name}”", waiting, HANDLED, state=ImportState.CHECKING)


def commit(batch: ImportBatch, *, submit: bool) -> None:
    """Write what the check accepted; a column that nobody has said anything about stops it."""
    preview = preview_of(batch) if batch.state == ImportState.PREVIEW else None
    if preview is not None and preview.summary["unknown"]:
        heads = "、".join(f"“{head}”" for _, head, _ in preview.summary["unknown"])
        raise NotNow(f"没有导入：请先说明{heads}列对应哪一项，不需要的列选“不导入这一列”。")
    fields = {"state": ImportState.IMPORTING, "submitted": submit}
    _begin(batch, COMMIT, f"导入“{batch.file_name}”", (ImportState.PREVIEW,), HANDLED, **fields)


def undo(batch: ImportBatch) -> None:
    """Take the import back."""
    refusal = "只有已导入且未撤销的批次可以撤销。"
    _begin(batch, UNDO, f"撤销导入“{batch.file_name}”", (ImportState.DONE,), refusal)


def cancel(batch: ImportBatch) -> None:
    """Give an import up; its files are deleted."""
    given_up = (ImportState.CHECKING, ImportState.PREVIEW)
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if batch.state not in given_up:
            raise NotNow("这个文件已经导入，不能放弃；需要时请撤销导入。")
        if batch.job is not None and batch.job.is_open:
            jobs.cancel(batch.job)
        batch.state, batch.answers = ImportState.CANCELLED, ""
        batch.save()
        batch.files.all().delete()


def _begin(
    batch: ImportBatch, kind: str, title: str, states: tuple[str, ...], refusal: str, **fields: Any
) -> None:
    """Start a piece of work: at once for a usual file, in the background for a large one.

    The import has to be in one of ``states`` and gets ``fields`` with the job; else NotNow says ``refusal``.
    """

    def take(job: Job) -> None:
        if not ImportBatch.objects.filter(pk=batch.pk, state__in=states).update(job=job, **fields):
            raise NotNow(refusal)

    jobs.start(
        kind,
        title,
        batch.user,
        at_once=batch.counts.get("rows", 0) <= AT_ONCE,
        url=REGISTERS[batch.slug].url("batch", batch.pk),
        link=take,
        batch=batch.pk,
    )
    batch.refresh_from_db()


# the work ------------------------------------------------------------------------------------------------


@jobs.kind(CHECK)
def _check(job: Job, progress: jobs.Progress) -> None:
    batch, register = _of(job)
    progress.step(0, 0, "正在读取文件")
    outcome = _refusable(
        lambda: committing.preview(register, job.owner, _sheets(batch), answers_of(batch), progress.step)
    )
    with transaction.atomic():
        current = _held(batch, job, ImportState.CHECKING)
        keep(current, FileRole.PREVIEW, previews.packed(outcome, batch.answers))
        _drop(current, FileRole.REFUSED)
        if outcome.refused:
            keep(current, FileRole.REFUSED, refusing.workbook(outcome))
        current.state, current.counts = ImportState.PREVIEW, outcome.counts
        current.save(update_fields=("state", "counts"))


@jobs.kind(COMMIT)
def _commit(job: Job, progress: jobs.Progress) -> None:
    batch, register = _of(job)
    mine = ImportBatch.objects.filter(pk=batch.pk, job=job, state=ImportState.PREVIEW)
    mine.update(state=ImportState.IMPORTING)  # run again after it was interrupted
    batch.refresh_from_db()
    preview = preview_of(batch)
    progress.step(0, 0, "正在读取文件")
    sheets = _sheets(batch)
    _refusable(
        lambda: committing.commit(
            register,
            job.owner,
            sheets,
            answers_of(batch),
            submit=batch.submitted,
            progress=progress.step,
            finish=lambda outcome: finish(batch, outcome),
            expected=preview.summary["digest"] if preview is not None else "",
            reason=f"导入 {batch.file_name}",
        )
    )


@jobs.kind(UNDO)
def _undo(job: Job, progress: jobs.Progress) -> None:
    batch, _ = _of(job)
    try:
        with transaction.atomic():
            committing.take_turn()
            batch = ImportBatch.objects.select_for_update().get(pk=batch.pk, state=ImportState.DONE)
            before = content_of(batch, FileRole.UNDO)
            if before is None:
                raise undoing.CannotUndo("已超过可以撤销的期限。")
            reason = f"撤销导入 {batch.file_name}"
            step = lambda done, total: progress.step(done, total, "正在撤销")  # noqa: E731 - one use
            undoing.undo(batch.written, before, batch.trail_mark, job.owner, reason, step)
            batch.state = ImportState.UNDONE
            batch.save(update_fields=("state",))
            batch.files.all().delete()
    except undoing.CannotUndo as refusal:
        raise jobs.Refused(str(refusal)) from refusal
    except IntegrityError as error:
        raise jobs.Refused("不能撤销：记录原来的编号、名称等已被别的记录使用。请先修改那条记录。") from error
    except ImportBatch.DoesNotExist as error:
        raise jobs.Refused("这次导入已经撤销，没有重复处理。") from error


def finish(batch: ImportBatch, outcome: Outcome) -> None:
    """Note what an import has done and keep its refused rows; part of the import's own transaction."""
    batch = _held(batch, batch.job, ImportState.IMPORTING)
    batch.state, batch.committed_at = ImportState.DONE, timezone.now()
    batch.counts, batch.written, batch.answers = outcome.counts, outcome.written.keys, ""
    batch.save()
    batch.files.all().delete()
    keep(batch, FileRole.UNDO, undoing.packed(outcome.written))
    if outcome.refused:
        keep(batch, FileRole.REFUSED, refusing.workbook(outcome))
    ImportBatch.objects.filter(pk=batch.pk).update(trail_mark=trail.last_entry())


def _held(batch: ImportBatch, job: Job | None, state: str) -> ImportBatch:
    """Return the import locked, if this job still works on it; a job that was taken for dead or given up writes nothing."""
    found = (
        ImportBatch.objects.select_for_update(of=("self",)).filter(pk=batch.pk, state=state, job=job).first()
    )
    if found is None:
        raise jobs.Refused("这个文件已在别处处理或放弃，这次处理作废，没有写入任何数据。")
    return found


def _of(job: Job) -> tuple[ImportBatch, Register]:
    batch = ImportBatch.objects.filter(pk=job.params["batch"]).first()
    if batch is None or batch.state == ImportState.CANCELLED:
        raise jobs.Refused("这个导入已经放弃。")
    register = REGISTERS[batch.slug]
    if not (register.may_see(job.owner) and register.may_enter(job.owner)):
        raise jobs.Refused("您已没有导入这个台账的权限。")
    return batch, register


def _sheets(batch: ImportBatch) -> list:
    content = content_of(batch, FileRole.SOURCE)
    if content is None:
        raise jobs.Refused("上传的文件已超过保留时间，请重新上传。")
    return reread(batch.file_name, content)


def _refusable[T](work: Callable[[], T]) -> T:
    """Do something that may refuse the file; the refusal becomes the job's answer."""
    try:
        return work()
    except SheetRefused as refusal:
        raise jobs.Refused(str(refusal)) from refusal


# what is kept --------------------------------------------------------------------------------------------


def own(register: Register, user: User) -> QuerySet[ImportBatch]:
    """Return a user's imports into one register, newest first."""
    return ImportBatch.objects.of(user).filter(slug=register.slug)


def settled(batch: ImportBatch) -> ImportBatch:
    """Return the import as it stands once its job is taken into account: one that ended badly waits as a preview again."""
    job = batch.job
    if job is not None and job.is_open:
        jobs.progress_of(job)
    ended_badly = batch.is_working and (job is None or (not job.is_open and job.state != JobState.DONE))
    if ended_badly and (preview := preview_of(batch)) is not None:
        waiting = ImportBatch.objects.filter(pk=batch.pk, state=batch.state, job=job)
        waiting.update(state=ImportState.PREVIEW)
        batch.refresh_from_db()
        if job is not None and job.kind == CHECK:  # decisions that cannot be followed are dropped
            batch.answers = preview.summary["answers"]
            batch.save(update_fields=("answers",))
    return batch


def answers_of(batch: ImportBatch) -> Answers:
    """Return what the user has decided so far."""
    return Answers.from_json(json.loads(batch.answers)) if batch.answers else Answers()


def keep_answers(batch: ImportBatch, answers: Answers) -> None:
    """Keep what the user has decided."""
    batch.answers = json.dumps(answers.as_json(), ensure_ascii=False)
    batch.save(update_fields=("answers",))


def preview_of(batch: ImportBatch) -> Preview | None:
    """Return what the last check found, None when there is none to look at."""
    content = content_of(batch, FileRole.PREVIEW)
    return Preview(content) if content is not None else None


def content_of(batch: ImportBatch, role: str) -> bytes | None:
    """Return a file of the import, None when it has none (any longer)."""
    found = batch.files.filter(role=role).first()
    return unseal(bytes(found.content)) if found is not None else None


def keep(batch: ImportBatch, role: str, content: bytes) -> None:
    """Keep a file with the import, encrypted: it holds personal data."""
    ImportFile.objects.update_or_create(batch=batch, role=role, defaults={"content": seal(content)})


def _drop(batch: ImportBatch, role: str) -> None:
    batch.files.filter(role=role).delete()


def outdated_files(now: datetime) -> dict[str, QuerySet[ImportFile]]:
    """Return the files of imports that nobody confirmed, fetched or took back in time, by what they are."""
    undone_until = now - timedelta(days=settings.RETENTION_DAYS["imports"])
    files = ImportFile.objects
    given_up = Q(batch__state=ImportState.CANCELLED) | Q(batch__in=_unconfirmed(now))
    refused = files.filter(role=FileRole.REFUSED, batch__committed_at__lt=_uploads_until(now))
    return {
        "未确认导入的表格": files.filter(given_up),
        "导入时退回的行": refused,
        "撤销导入所需的原值": files.filter(role=FileRole.UNDO, batch__committed_at__lt=undone_until),
    }


def forget_old() -> None:
    """Delete what is outdated; an import that was never confirmed counts as given up."""
    now = timezone.now()
    for files in outdated_files(now).values():
        files.delete()
    _unconfirmed(now).update(state=ImportState.CANCELLED, answers="")
    jobs.forget_old()


def _unconfirmed(now: datetime) -> QuerySet[ImportBatch]:
    waiting = (ImportState.CHECKING, ImportState.PREVIEW)
    return ImportBatch.objects.filter(state__in=waiting, created_at__lt=_uploads_until(now))


def _uploads_until(now: datetime) -> datetime:
    return now - timedelta(days=settings.RETENTION_DAYS["uploads"])

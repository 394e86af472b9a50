"""Keeping an import between upload and commit: the sealed file, the answers given so far, what came of it."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from mofu.accounts.models import User
from mofu.registers.encryption import decrypt, encrypt
from mofu.registers.models import ImportBatch, ImportState
from mofu.registers.register import Register
from mofu.registers.sheets import committing, refusing
from mofu.registers.sheets.committing import Outcome
from mofu.registers.sheets.reading import SheetRefused, read

ROWS_ON_PAGE = 3000  # checked while the user waits; larger files go through the command
KEPT = timedelta(days=7)  # how long an upload waits to be confirmed, and refused rows to be fetched


def open_batch(register: Register, user: User, name: str, content: bytes) -> ImportBatch:
    """Keep an upload for preview; raises SheetRefused for a file that cannot be read as this register."""
    sheets = read(name, content)
    if max((len(sheet.rows) for sheet in sheets), default=0) > ROWS_ON_PAGE:
        raise SheetRefused(
            f"表格超过 {ROWS_ON_PAGE} 行。请拆分后分批上传，或请系统管理员用命令 import_register 导入。"
        )
    outcome = committing.preview(register, user, sheets, {})
    forget_old()
    batch = ImportBatch(
        slug=register.slug,
        user=user,
        file_name=name[-200:],
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        counts=outcome.counts,
    )
    _seal(batch.source, content)
    batch.save()
    return batch


def earlier(batch: ImportBatch) -> ImportBatch | None:
    """Return the last import of the very same file by somebody of the same unit."""
    unit = batch.user.organization if batch.user else None
    same = ImportBatch.objects.filter(slug=batch.slug, sha256=batch.sha256, state=ImportState.DONE)
    return same.filter(user__organization=unit).exclude(pk=batch.pk).select_related("user").first()


def own(register: Register, user: User) -> QuerySet[ImportBatch]:
    """Return a user's imports into one register, newest first."""
    return ImportBatch.objects.filter(slug=register.slug, user=user)


def preview(batch: ImportBatch, register: Register, user: User) -> Outcome:
    """Check the kept file once more, with the answers given so far."""
    return committing.preview(register, user, read(batch.file_name, unsealed(batch.source)), batch.answers)


def commit(batch: ImportBatch, register: Register, user: User, *, submit: bool) -> Outcome:
    """Import the kept file: records, batch and refused rows in one transaction; the upload itself is then deleted."""
    sheets = read(batch.file_name, unsealed(batch.source))
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk, state=ImportState.PREVIEW)
        outcome = committing.commit(register, user, sheets, batch.answers, submit=submit)
        finish(batch, outcome, submitted=submit)
    return outcome


def finish(batch: ImportBatch, outcome: Outcome, *, submitted: bool) -> None:
    """Note what an import has done and keep its refused rows."""
    batch.state, batch.committed_at, batch.submitted = ImportState.DONE, timezone.now(), submitted
    batch.counts, batch.written = outcome.counts, outcome.written
    if outcome.refused:
        _seal(batch.refused, refusing.workbook(outcome))
    _drop(batch.source)
    batch.save()


def cancel(batch: ImportBatch) -> None:
    """Give an import up; its file is deleted."""
    batch.state = ImportState.CANCELLED
    _drop(batch.source)
    batch.save()


def forget_old() -> None:
    """Delete the files of imports that nobody confirmed or fetched in time."""
    for batch in ImportBatch.objects.filter(created_at__lt=timezone.now() - KEPT).exclude(
        source="", refused=""
    ):
        if batch.state == ImportState.PREVIEW:
            batch.state = ImportState.CANCELLED
        _drop(batch.source)
        _drop(batch.refused)
        batch.save()


def unsealed(file: FieldFile) -> bytes:
    """Return the content of a sealed workbook."""
    with file.open("rb") as sealed:
        return b64decode(decrypt(sealed.read().decode()))


def _seal(file: FieldFile, content: bytes) -> None:
    """Store a workbook encrypted: it holds personal numbers."""
    sealed = encrypt(b64encode(content).decode())
    file.save("sealed", ContentFile(sealed.encode()), save=False)


def _drop(file: FieldFile) -> None:
    """Empty a file field; the stored file goes once the transaction holds."""
    if file:
        storage, name = file.storage, file.name
        transaction.on_commit(lambda: storage.delete(name), robust=True)
        setattr(file.instance, file.field.name, "")

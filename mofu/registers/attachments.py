"""Evidence files: what may be kept, checked by content, and how it is stored."""

from __future__ import annotations

import hashlib
import zipfile
from typing import BinaryIO

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from mofu.accounts.models import User
from mofu.registers.models import Attachment

LARGEST = 20 * 1024 * 1024  # bytes of one file
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "docx": _DOCX,
    "xlsx": _XLSX,
}
ACCEPTED = "PDF、JPG、PNG、docx、xlsx"


def media_type_of(file: BinaryIO) -> str:
    """Return the media type that the content shows, "" when it is none of the accepted ones."""
    file.seek(0)
    head = file.read(8)
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head == b"\x89PNG\r\n\x1a\n":
        return "image/png"
    return _office_type(file) if head.startswith(b"PK\x03\x04") else ""


def _office_type(file: BinaryIO) -> str:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return ""
    if any(name.endswith("vbaProject.bin") for name in names):
        return ""
    if "word/document.xml" in names:
        return _DOCX
    return _XLSX if "xl/workbook.xml" in names else ""


def check(upload: UploadedFile) -> str:
    """Return the media type of an acceptable upload; raise ValidationError saying why it is refused."""
    name = upload.name or ""
    if not upload.size:
        raise ValidationError(f"“{name}”是空文件，没有保存。")
    if upload.size > LARGEST:
        raise ValidationError(f"“{name}”有 {upload.size / 1048576:.1f} MB，超过 20 MB，请压缩或拆分后再传。")
    expected = MEDIA_TYPES.get(name.rpartition(".")[2].lower())
    if expected is None:
        raise ValidationError(f"“{name}”不是可接受的文件类型，请上传 {ACCEPTED}。")
    if media_type_of(upload.file) != expected:
        raise ValidationError(f"“{name}”的内容与扩展名不符或文件已损坏，请用原软件重新另存后再传。")
    return expected


def keep(upload: UploadedFile, record: models.Model, user: User) -> Attachment:
    """Store a checked upload with ``record``; the same content twice is refused."""
    media_type = check(upload)
    upload.file.seek(0)
    digest = hashlib.file_digest(upload.file, "sha256").hexdigest()
    known = ValidationError(f"“{upload.name}”已经上传过，无需重复上传。")
    if of(record).filter(sha256=digest).exists():
        raise known
    upload.file.seek(0)
    attachment = Attachment(
        record=record,
        file=upload,
        name=upload.name[-200:],
        media_type=media_type,
        size=upload.size,
        sha256=digest,
        uploaded_by=user,
    )
    try:
        attachment.save()
    except IntegrityError:  # sent twice at once: the other one is kept
        attachment.file.storage.delete(attachment.file.name)
        raise known from None
    return attachment


def counted(rows: models.QuerySet) -> models.QuerySet:
    """Annotate ``file_count``: how many files each record has."""
    kind = ContentType.objects.get_for_model(rows.model)
    files = Attachment.objects.filter(content_type=kind, object_id=OuterRef("pk")).order_by()
    count = files.values("object_id").annotate(n=Count("pk")).values("n")
    return rows.annotate(file_count=Coalesce(Subquery(count), 0))


def of(record: models.Model) -> models.QuerySet[Attachment]:
    """Return the files of ``record``."""
    kind = ContentType.objects.get_for_model(record)
    return Attachment.objects.filter(content_type=kind, object_id=record.pk).select_related("uploaded_by")

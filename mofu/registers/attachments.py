"""Evidence files: what may be kept, checked by content, and how it is stored."""

from __future__ import annotations

import hashlib
import unicodedata
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from typing import BinaryIO

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, models
from django.db.models import Count, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from mofu.accounts.models import User
from mofu.registers import images
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
_KINDS = {
    "application/pdf": "PDF文件",
    "image/jpeg": "图片",
    "image/png": "图片",
    _DOCX: "Word文档",
    _XLSX: "Excel表格",
}
_UNSEEN = (
    "Cc",
    "Cf",
    "Co",
    "Cs",
    "Cn",
    "Zl",
    "Zp",
)  # control and format signs, line ends: also those that turn the writing
LONGEST_NAME = 200
PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG"}
LONGEST_SIDE = 4000  # pixels: small print on a photographed page stays legible
MOST_PARTS, MOST_UNPACKED = 2000, 300 * 2**20  # of a docx or xlsx: whoever opens it has to unpack it


@dataclass(frozen=True)
class Quota:
    """How many files, and bytes, of evidence one user may have uploaded, and what they are told beyond."""

    files: int
    size: int
    refusal: str


DAILY = Quota(500, 2**30, "一天内最多上传 500 个、合计 1 GB 的材料，您已达到上限，请明天再传。")
ALTOGETHER = Quota(50_000, 50 * 2**30, "您上传的材料合计已达上限（5 万个或 50 GB），请联系系统管理员。")


def media_type_of(file: BinaryIO) -> str:
    """Return the media type that the content shows, "" when it is none of the accepted ones."""
    file.seek(0)
    head = file.read(16)
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    return _office_type(file) if head.startswith(b"PK\x03\x04") else images.media_type(head)


def _office_type(file: BinaryIO) -> str:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, OverflowError):
        return ""
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        return ""
    if any(name.lower().endswith("vbaproject.bin") for name in names):
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
    suffix = name.rpartition(".")[2].lower()
    expected = MEDIA_TYPES.get(suffix)
    if expected is None:
        why = images.ADVICE.get(suffix, f"请上传 {ACCEPTED}。")
        raise ValidationError(f"“{name}”不是可接受的文件类型，{why}")
    if media_type_of(upload.file) != expected:
        raise ValidationError(f"“{name}”的内容与扩展名不符或文件已损坏，请用原软件重新另存后再传。")
    return expected


def kept_name(name: str, media_type: str, on: date) -> str:
    """Return the name a file is kept under: without signs that nobody sees, its kind and the day where nothing else is left."""
    seen = "".join(sign for sign in name if unicodedata.category(sign) not in _UNSEEN).strip()
    stem, _, suffix = seen.rpartition(".")
    if not any(sign.isalnum() for sign in stem):
        stem = f"{_KINDS[media_type]}{on:%Y%m%d}"
    return f"{stem.strip()[-(LONGEST_NAME - len(suffix) - 1) :]}.{suffix}"


def _kept_content(upload: UploadedFile, media_type: str) -> File:
    """Return what is stored of a checked upload: a picture encoded anew, anything else as it came."""
    if media_type not in PICTURES:
        return upload
    try:
        return ContentFile(
            images.fresh(upload.file, longest=LONGEST_SIDE, kind=PICTURES[media_type]), upload.name
        )
    except ValidationError as error:
        raise ValidationError(f"“{upload.name}”{error.message}") from error


def _refuse_beyond_quota(user: User, size: int) -> None:
    """Raise ValidationError where one user's files would fill the storage: within a day, or altogether."""
    mine = Attachment.objects.filter(uploaded_by=user)
    for since, most in ((timezone.now() - timedelta(days=1), DAILY), (None, ALTOGETHER)):
        rows = mine.filter(uploaded_at__gte=since) if since else mine
        found = rows.aggregate(files=Count("pk"), size=Coalesce(Sum("size"), 0))
        if found["files"] >= most.files or found["size"] + size > most.size:
            raise ValidationError(most.refusal)


def keep(upload: UploadedFile, record: models.Model, user: User) -> Attachment:
    """Store a checked upload with ``record``; the same content twice is refused."""
    media_type = check(upload)
    content = _kept_content(upload, media_type)
    content.seek(0)
    digest = hashlib.file_digest(content, "sha256").hexdigest()
    known = ValidationError(f"“{upload.name}”已经上传过，无需重复上传。")
    if of(record).filter(sha256=digest).exists():
        raise known
    _refuse_beyond_quota(user, content.size)
    content.seek(0)
    attachment = Attachment(
        record=record,
        file=content,
        name=kept_name(upload.name, media_type, timezone.localdate()),
        media_type=media_type,
        size=content.size,
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

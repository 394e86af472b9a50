"""Portrait photos: JPEG or PNG by content, at most 5 MB, re-encoded so that nothing else is kept."""

from __future__ import annotations

import uuid
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import models
from django.db.models.fields.files import ImageFieldFile
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000  # a small file can unpack to gigabytes; look at the size before unpacking
LONGEST_SIDE = 1200
FORMATS = ("JPEG", "PNG")


def validate_photo(file: File) -> None:
    """Raise ValidationError unless ``file`` is a JPEG or PNG of sensible size."""
    if file.size > MAX_BYTES:
        raise ValidationError("照片不能超过5 MB。")
    try:
        file.seek(0)
        with Image.open(file, formats=FORMATS) as image:
            pixels = image.width * image.height
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError("照片应为 JPG 或 PNG 图片，该文件的内容不是。") from error
    finally:
        file.seek(0)
    if pixels > MAX_PIXELS:
        raise ValidationError("照片的像素过大，请缩小后再上传。")


def reencoded(file: File) -> ContentFile:
    """Return the picture as a fresh JPEG: upright, at most 1200 pixels, without hidden data such as GPS."""
    validate_photo(file)
    with Image.open(file, formats=FORMATS) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = BytesIO()
    upright.save(out, "JPEG", quality=88)
    return ContentFile(out.getvalue())


class PhotoFile(ImageFieldFile):
    """A stored photo; what is saved is always the re-encoded picture under a name of our own."""

    def save(self, name: str, content: File, save: bool = True) -> None:
        super().save(f"{uuid.uuid4().hex}.jpg", reencoded(content), save=save)


class PhotoField(models.ImageField):
    """Image column for portraits."""

    attr_class = PhotoFile
    default_validators = (validate_photo,)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("upload_to", "photos/%Y")
        super().__init__(*args, **kwargs)

"""Portrait photos: JPEG or PNG by content, at most 5 MB, re-encoded so that nothing else is kept."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import models
from django.db.models.fields.files import ImageFieldFile

from mofu.registers import images

MAX_BYTES = 5 * 1024 * 1024
LONGEST_SIDE = 1200


def validate_photo(file: File) -> None:
    """Raise ValidationError unless ``file`` is a whole JPEG or PNG of sensible size; what is stored was judged before."""
    if getattr(file, "_committed", False):
        return
    if file.size > MAX_BYTES:
        raise ValidationError("照片不能超过5 MB。")
    images.check(file)


class PhotoFile(ImageFieldFile):
    """A stored photo; what is saved is always the re-encoded picture under a name of our own."""

    def save(self, name: str, content: File, save: bool = True) -> None:
        picture = ContentFile(images.fresh(content, longest=LONGEST_SIDE))
        super().save(f"{uuid.uuid4().hex}.jpg", picture, save=save)


class PhotoFormField(forms.FileField):
    """The box of a photo; unlike Django's own it lets no decoder but the two for JPEG and PNG near the file."""

    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png"})


class PhotoField(models.ImageField):
    """Image column for portraits."""

    attr_class = PhotoFile
    default_validators = (validate_photo,)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("upload_to", "photos/%Y")
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        """Return the box for a form."""
        return super().formfield(**{"form_class": PhotoFormField} | kwargs)

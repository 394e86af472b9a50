"""Portrait photos: JPEG or PNG by content, at most 5 MB, re-encoded so that nothing else is kept, gone with their row."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import models
from django.db.models import signals
from django.db.models.fields.files import ImageFieldFile

from mofu.registers import images, own_files

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
    """Image column for portraits; a file replaced, or of a deleted row, goes."""

    attr_class = PhotoFile
    default_validators = (validate_photo,)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("upload_to", "photos/%Y")
        super().__init__(*args, **kwargs)

    def contribute_to_class(self, cls: type[models.Model], name: str, **kwargs: Any) -> None:
        """Let the file go with the row."""
        super().contribute_to_class(cls, name, **kwargs)
        if not cls._meta.abstract:
            signals.post_delete.connect(self._discard, sender=cls)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Store a new file; the one it replaces goes."""
        file = getattr(model_instance, self.attname)
        if file and not file._committed and not add:
            stored = type(model_instance)._base_manager.filter(pk=model_instance.pk)
            for name in stored.values_list(self.attname, flat=True):
                own_files.discard(self.attr_class(model_instance, self, name))
        return super().pre_save(model_instance, add)

    def _discard(self, instance: models.Model, **_: Any) -> None:
        own_files.discard(getattr(instance, self.attname))

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        """Return the box for a form."""
        return super().formfield(**{"form_class": PhotoFormField} | kwargs)

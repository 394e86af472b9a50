"""What one user began and nobody else sees, as long as they are who they were then."""

from __future__ import annotations

from typing import Any, Self

from django.db import models

from mofu.accounts.models import User


class OwnWorkQuerySet(models.QuerySet):
    """Whose work is whose."""

    def of(self, user: User) -> Self:
        """Keep what ``user`` began in the role and unit of today: files of another unit stay behind with it."""
        return self.filter(**{self.model.begun_by: user.pk}, standing=user.standing)


class OwnWork(models.Model):
    """Work that one user began; ``begun_by`` names the field that says who, ``standing`` is who they were then (``User.standing``)."""

    begun_by: str

    standing = models.CharField("发起时的身份", max_length=40, blank=True, editable=False)

    objects = OwnWorkQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; note who somebody was when they began."""
        user = getattr(self, self.begun_by)
        if self._state.adding and user is not None:
            self.standing = user.standing
        super().save(*args, **kwargs)

    @property
    def is_still_allowed(self) -> bool:
        """Whether who began it may still act in the role and unit of then."""
        user = getattr(self, self.begun_by)
        return user is not None and user.is_active and user.standing == self.standing

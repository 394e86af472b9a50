"""Staff accounts: a person of an organisation with one role."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models

from mofu.accounts.models.organization import Organization
from mofu.accounts.trail import TrailedModel


class Role(models.TextChoices):
    """What a person does here; what each may do stands in ``policy.py``."""

    CITY = "city", "市协会工作人员"
    COUNTY = "county", "县区（单位）工作人员"
    LEADER = "leader", "领导"
    AUDITOR = "auditor", "审计员"
    ADMIN = "admin", "系统管理员"


class StaffManager(UserManager):
    """Users always come with their organisation: every request needs its path."""

    def get_queryset(self) -> models.QuerySet[User]:
        return super().get_queryset().select_related("organization")

    def create_superuser(self, *args: Any, **kwargs: Any) -> User:
        """Create a system administrator (``manage.py createsuperuser``)."""
        kwargs.setdefault("role", Role.ADMIN)
        return super().create_superuser(*args, **kwargs)


class User(TrailedModel, AbstractUser):
    """工作人员: signs in, belongs to an organisation, has one of five roles."""

    trail_hidden = ("password",)
    trail_ignored = ("last_login", "large_text")

    first_name = None
    last_name = None
    name = models.CharField("姓名", max_length=40, blank=True)
    role = models.CharField("角色", max_length=10, choices=Role, default=Role.COUNTY)
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="所属单位", null=True, blank=True, related_name="staff"
    )
    phone = models.CharField("联系电话", max_length=30, blank=True)

    objects = StaffManager()

    class Meta:
        verbose_name = verbose_name_plural = "工作人员"
        ordering = ("username",)

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def scope_path(self) -> str | None:
        """The path whose subtree this user sees: "" for the whole city, None for nothing."""
        if self.organization is None:
            return None
        return "" if self.organization.parent_id is None else self.organization.path

    @property
    def is_city(self) -> bool:
        """Whether this user belongs to the city's own office and so sees all units."""
        return self.scope_path == ""

    def clean(self) -> None:
        super().clean()
        if self.role == Role.CITY and not self.is_city:
            raise ValidationError({"organization": "市协会工作人员的所属单位应为市级单位。"})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; Django's own flags follow from the role, so that only administrators enter the administration."""
        self.is_staff = self.is_superuser = self.role == Role.ADMIN
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

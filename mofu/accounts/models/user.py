"""Staff accounts: a person of an organisation with one role."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from mofu.accounts.models.organization import CITY_CODE, Organization, OrganizationKind
from mofu.accounts.scope import under
from mofu.accounts.trail import TrailedModel
from mofu.encryption import BlindIndexField, EncryptedField, blind_index


class Role(models.TextChoices):
    """What a person does here; what each may do stands in ``policy.py``."""

    CITY = "city", "市协会工作人员"
    COUNTY = "county", "县区（单位）工作人员"
    LEADER = "leader", "领导"
    AUDITOR = "auditor", "审计员"
    ADMIN = "admin", "系统管理员"


USERNAME_LETTERS = "用户名只能用英文字母、数字和 @ . + - _，不分大小写。"
USERNAME_TAKEN = "已有这个用户名（不分大小写），请换一个。"
CITY_ROLES = frozenset({Role.CITY, Role.AUDITOR})  # what they see belongs to no unit below the city


class StaffQuerySet(models.QuerySet):
    """Accounts by who keeps them."""

    def managed_by(self, user: User) -> StaffQuerySet:
        """Return the accounts in the units of ``user``; those of the city's own roles only for the city.

        An account without a unit is the city's to put right.
        """
        path = user.scope_path
        if path is None:
            return self.none()
        return self.filter(under(path, "organization__path")).exclude(role__in=CITY_ROLES) if path else self


class StaffManager(UserManager.from_queryset(StaffQuerySet)):
    """Users always come with their organisation: every request needs its path."""

    def get_queryset(self) -> StaffQuerySet:
        return super().get_queryset().select_related("organization")

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the account of that name, small and capital letters alike; ``createsuperuser`` asks here whether it is taken."""
        return self.get(username__iexact=username)

    def create_superuser(self, *args: Any, **kwargs: Any) -> User:
        """Create an administrator of the city (``manage.py createsuperuser``), and the city itself where it is missing."""
        kwargs.setdefault("role", Role.ADMIN)
        kwargs.setdefault("organization", _city())
        return super().create_superuser(*args, **kwargs)


def _city() -> Organization:
    """Return the root of the tree; a database without reference data gets it under the code that those know."""
    found = Organization.everything.filter(parent=None).first()
    if found is None:
        found = Organization(name=settings.ASSOCIATION_NAME, kind=OrganizationKind.CITY, code=CITY_CODE)
        found.save()
    return found


class User(TrailedModel, AbstractUser):
    """工作人员: signs in, belongs to an organisation, has one of five roles."""

    trail_hidden = ("password", "phone")
    trail_ignored = ("phone_hash", "last_login", "first_password_at", "session_epoch")
    REQUIRED_FIELDS = ("name",)

    # Who signs in types it in small or capital letters (allauth), so no two may differ in those alone.
    username = models.CharField(
        "用户名",
        max_length=150,
        unique=True,
        validators=[ASCIIUsernameValidator(message=USERNAME_LETTERS)],
        error_messages={"unique": USERNAME_TAKEN},
        help_text=USERNAME_LETTERS,
    )
    first_name = None
    last_name = None
    name = models.CharField("姓名", max_length=40, blank=True)
    role = models.CharField("角色", max_length=10, choices=Role, default=Role.COUNTY)
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="所属单位", null=True, blank=True, related_name="staff"
    )
    phone = EncryptedField("联系电话", max_length=30, blank=True)
    phone_hash = BlindIndexField(of="phone")  # accounts of one phone are told to administrators
    handles_care = models.BooleanField(
        "经办关爱档案",
        default=False,
        help_text="可查看、填写本单位范围内的健康、困难和银行账号；只给确需经办的人员。",
    )
    # When an administrator gave the password in use; NULL: the user's own.
    first_password_at = models.DateTimeField("初始密码时间", null=True, blank=True, editable=False)
    # Raised to end every session of the account, known or not: it is part of what a session is checked against.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    objects = StaffManager()

    class Meta:
        verbose_name = verbose_name_plural = "工作人员"
        ordering = ("username",)
        constraints = [
            models.UniqueConstraint(
                Lower("username"), name="username_any_case_once", violation_error_message=USERNAME_TAKEN
            )
        ]

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

    @property
    def standing(self) -> str:
        """Role, unit and whether sensitive data are theirs to see; what was begun under another standing is out of reach."""
        return f"{self.role}:{self.organization_id or ''}:{int(self.handles_care)}"

    def clean(self) -> None:
        super().clean()
        if self.role in CITY_ROLES and not self.is_city:
            raise ValidationError({"organization": f"{self.get_role_display()}的所属单位应为市级单位。"})
        if type(self).objects.filter(username__iexact=self.username).exclude(pk=self.pk).exists():
            raise ValidationError({"username": USERNAME_TAKEN})

    def derive(self) -> None:
        """Fill the hash; Django's own flags follow from role and unit: only the city's administrators are above all rules."""
        super().derive()
        self.is_staff = self.is_superuser = self.role == Role.ADMIN and self.is_city
        self.phone_hash = blind_index(self.phone)

    def end_sessions(self) -> None:
        """End every session of the account; effective with its next request."""
        type(self).objects.filter(pk=self.pk).update(session_epoch=F("session_epoch") + 1)
        self.refresh_from_db(fields=["session_epoch"])

    def give_first_password(self, password: str) -> None:
        """Set a password that has to be changed before anything else; ends all sessions. The caller saves."""
        self.set_password(password)
        self.first_password_at = timezone.now()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what a session is checked against: it changes with the password and with ``end_sessions``."""
        value = f"{self.password}|{self.session_epoch}"
        return salted_hmac("mofu.session", value, secret=secret, algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

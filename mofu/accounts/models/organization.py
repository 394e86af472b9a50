"""The organisation tree: city, 11 boards, industry unions, direct units, enterprises, villages, schools."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr

from mofu.accounts import trail
from mofu.accounts.models.industry import Industry, IndustryChain
from mofu.accounts.pinyin import search_key, sort_key
from mofu.accounts.scope import ScopedModel, ScopedQuerySet, everything, guarded, under

STEP = 6  # digits of one tree step: the unit's own primary key, zero-padded
BOARD_DEPTH = 2
_UNION = "总工会"
CITY_CODE = "320900"  # 盐城市, GB/T 2260; the reference data know the root by it
_NAME = RegexValidator(
    r"^[\u3400-\u9fffA-Za-z0-9（）·]+\Z", "只能用汉字、字母、数字、（）和·，不能有空格、换行或其他标点。"
)
_LETTERS = RegexValidator(r"^[\u3400-\u9fff]+\Z", "发文代字只用汉字，不写年份、括号和序号，例如“东工”。")
CODE_TAKEN = "这个单位代码不能使用，请核对；不清楚时请留空，由系统自动编号。"  # says nothing of who has it


class OrganizationKind(models.TextChoices):
    """What a unit is; the 11 boards (板块) are the counties and the zones."""

    CITY = "city", "市"
    COUNTY = "county", "县（市、区）"
    ZONE = "zone", "功能区"
    INDUSTRY_UNION = "industry_union", "产业工会"
    DIRECT_UNIT = "direct_unit", "市直属单位"
    ENTERPRISE = "enterprise", "企业"
    INSTITUTION = "institution", "机关事业单位"
    VILLAGE = "village", "村（社区）"
    SCHOOL = "school", "学校"


BOARD_KINDS = (OrganizationKind.COUNTY, OrganizationKind.ZONE)


class OrganizationQuerySet(ScopedQuerySet):
    """Units by their place in the tree."""

    def boards(self) -> OrganizationQuerySet:
        """Return the 11 boards (9 counties and districts, 2 zones) in their official order."""
        return self.filter(kind__in=BOARD_KINDS).order_by("sort", "code")

    def search(self, text: str) -> OrganizationQuerySet:
        """Return the units whose name, pinyin initials or code contain ``text``."""
        return self.filter(Q(search__contains=text.lower()))


class Organization(ScopedModel, trail.TrailedModel):
    """单位: a node of the tree; ``path`` is the padded primary keys from the root down."""

    settled_by_save = ("path",)
    unique_messages = {"code": ("code", CODE_TAKEN)}
    trail_hidden = ("contact_phone",)
    trail_ignored = ("path", "search", "name_key", "updated_at")

    name = models.CharField("单位名称", max_length=100)
    short_name = models.CharField("简称", max_length=40, blank=True)
    code = models.CharField(
        "单位代码",
        max_length=40,
        unique=True,
        blank=True,
        help_text="县（市、区）用行政区划代码；留空时自动编号",
    )
    kind = models.CharField("单位类型", max_length=20, choices=OrganizationKind)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name="上级单位", null=True, blank=True, related_name="children"
    )
    industry = models.ForeignKey(Industry, models.PROTECT, verbose_name="行业", null=True, blank=True)
    chain = models.ForeignKey(IndustryChain, models.PROTECT, verbose_name="产业链", null=True, blank=True)
    contact = models.CharField("联系人", max_length=40, blank=True)
    contact_phone = models.CharField("联系电话", max_length=30, blank=True)
    address = models.CharField("地址", max_length=200, blank=True)
    signed_as = models.CharField(
        "落款名称",
        max_length=40,
        blank=True,
        validators=[_NAME],
        help_text="公文落款和正文对本单位的称呼。县（市、区）、功能区留空时为“单位名称＋总工会”，其他单位留空时用单位名称",
    )
    document_code = models.CharField(
        "发文代字",
        max_length=10,
        blank=True,
        validators=[_LETTERS],
        help_text="文号“×××〔2026〕1号”中年份前面的字，留空时本单位的文稿不编文号；市协会的在“公文版式设置”中填写",
    )
    sort = models.PositiveSmallIntegerField("排序", default=100)
    active = models.BooleanField("启用", default=True)
    path = models.CharField("路径", max_length=STEP * 12, unique=True, null=True, editable=False)
    search = models.CharField(max_length=300, editable=False, default="")
    name_key = models.CharField(max_length=200, editable=False, default="")
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    everything = everything(OrganizationQuerySet)
    objects = guarded(OrganizationQuerySet)

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ("path",)
        indexes = [models.Index(fields=("kind", "sort")), models.Index(fields=("name_key", "id"))]
        constraints = [
            models.UniqueConstraint(
                fields=("parent", "name"),
                name="organization_name_once_per_parent",
                violation_error_message="上级单位下已有同名单位，请直接选用，或改用全称加以区分。",
            ),
            models.UniqueConstraint(
                fields=("document_code",),
                condition=~Q(document_code=""),
                name="organization_document_code_once",
                violation_error_message="已有单位使用这个发文代字，请换用其他代字。",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    @classmethod
    def belongs_under(cls, path: str) -> Q:
        return under(path)

    @classmethod
    def home_under(cls, path: str) -> Q:
        return under(path)

    @property
    def signature(self) -> str:
        """The unit as it signs papers and as their text names it; a county itself is a place, its union signs."""
        if self.signed_as:
            return self.signed_as
        is_place = self.kind in BOARD_KINDS and not self.name.endswith(_UNION)
        return f"{self.name}{_UNION}" if is_place else self.name

    @property
    def root(self) -> Organization:
        """The city, whose units all are."""
        found = self
        while found.parent is not None:
            found = found.parent
        return found

    @property
    def depth(self) -> int:
        """1 for the city, 2 for the boards, unions and direct units, 3 and more below."""
        return len(self.path or "") // STEP

    @property
    def board_path(self) -> str:
        """Return the path of the unit right below the city that this unit belongs to."""
        return (self.path or "")[: STEP * BOARD_DEPTH]

    def clean(self) -> None:
        super().clean()
        if not self.parent and self.kind != OrganizationKind.CITY:
            raise ValidationError({"parent": "请选择上级单位；只有市级单位没有上级。"})
        if self.parent and self.pk and (self.parent.path or "").startswith(self.path or "-"):
            raise ValidationError({"parent": "上级单位不能是本单位或其下级单位。"})
        if not self.parent and type(self).everything.filter(parent=None).exclude(pk=self.pk).exists():
            raise ValidationError({"parent": "已有市级单位，请选择上级单位。"})
        below_another = self.parent and (self.parent.parent_id or self.parent._state.adding)
        if self.kind in BOARD_KINDS and below_another:
            raise ValidationError(
                {"kind": f"{self.get_kind_display()}只能直接设在市级单位之下，请改选单位类型或上级单位。"}
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a changed parent moves the whole subtree in the same transaction."""
        self.search = search_key(self.name, self.short_name, extra=self.code)
        self.name_key = sort_key(self.name)
        with transaction.atomic():
            super().save(*args, **kwargs)
            if not self.code:
                self.code = f"U{self.pk:06d}"
                type(self).everything.filter(pk=self.pk).update(code=self.code)
            self._settle_path()

    def _settle_path(self) -> None:
        """Write the path that follows from the parent and carry all units below along."""
        parent_path = self.parent.path if self.parent else ""
        path = f"{parent_path}{self.pk:0{STEP}d}"
        if self.path == path:
            return
        old, self.path = self.path, path
        units = type(self).everything
        if old:
            below = units.filter(under(old)).exclude(pk=self.pk)
            below.update(path=Concat(Value(path), Substr(F("path"), len(old) + 1)))
            trail.record(trail.Action.MOVED, self, changes={"path": [old, path]})
        units.filter(pk=self.pk).update(path=path)

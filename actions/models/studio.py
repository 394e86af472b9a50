"""Innovation studios (劳模工匠创新工作室), their members and outcomes."""

from __future__ import annotations

from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from actions.models.titled import Titled
from actions.models.worker import Worker
from models_app.models import Laureate
from models_app.models.checked import Checked
from mofu.accounts.models import IndustryChain, Organization
from mofu.accounts.scope import everything, guarded
from mofu.registers.partial_dates import PartialDateField
from mofu.registers.records import Part, RecordQuerySet, ReviewedRecord


class StudioCategory(models.TextChoices):
    """四大类 (programme.txt, action 3)."""

    TECHNICAL = "technical", "技术类"
    MANAGEMENT = "management", "管理类"
    IDEOLOGY = "ideology", "思政类"
    SERVICE = "service", "服务类"


class StudioLevel(models.TextChoices):
    """级别."""

    NATIONAL = "national", "国家级"
    PROVINCIAL = "provincial", "省级"
    CITY = "city", "市级"
    COUNTY = "county", "县（区）级"
    ENTERPRISE = "enterprise", "企业（基层）级"


class Founder(models.TextChoices):
    """创建主体: the 1000 of the whole city and the 200 of the association are two counts (facts §0.4)."""

    CITY_UNION = "city_union", "市总工会"
    ASSOCIATION = "association", "市劳模协会"
    COUNTY = "county", "县区"
    ENTERPRISE = "enterprise", "企业"


class StudioStatus(models.TextChoices):
    """状态, after ``reference.json`` → ``studio``."""

    APPLIED = "applied", "申报"
    REVIEWING = "reviewing", "审核"
    PUBLICISED = "publicised", "公示"
    NAMED = "named", "命名"
    RECONFIRMED = "reconfirmed", "复核合格"
    RECTIFYING = "rectifying", "限期整改"
    REVOKED = "revoked", "撤销"


class StudioQuerySet(RecordQuerySet):
    """Studios by founder and flag."""

    def standing(self) -> Self:
        """Keep studios that exist: everything but applications under way and revoked ones."""
        gone = (StudioStatus.APPLIED, StudioStatus.REVIEWING, StudioStatus.PUBLICISED, StudioStatus.REVOKED)
        return self.exclude(status__in=gone)

    def new_quality(self) -> Self:
        """Keep studios of the 新质生产力 type."""
        return self.filter(is_new_quality=True)

    def of_association(self) -> Self:
        """Keep studios created by the association (task 6)."""
        return self.filter(founder=Founder.ASSOCIATION)


class Studio(Titled, ReviewedRecord):
    """创新工作室: led by one laureate, kept by a unit; type, level and founder are counted apart."""

    Category = StudioCategory
    Level = StudioLevel
    Founder = Founder
    Status = StudioStatus
    year_field = "created_on"
    search_fields = ("search", "leader__search")
    past_dates = ("created_on", "reconfirmed_on")
    ordered_dates = (("created_on", "reconfirmed_on"),)

    name = models.CharField("工作室名称", max_length=100)
    org = models.ForeignKey(Organization, models.PROTECT, verbose_name="所属单位", related_name="studios")
    leader = models.ForeignKey(Laureate, models.PROTECT, verbose_name="领衔人", related_name="studios")
    category = models.CharField("类别", max_length=10, choices=StudioCategory)
    level = models.CharField("级别", max_length=10, choices=StudioLevel, default=StudioLevel.ENTERPRISE)
    founder = models.CharField("创建主体", max_length=12, choices=Founder)
    created_on = PartialDateField("创建时间")
    document_no = models.CharField("命名文号", max_length=60, blank=True)
    is_new_quality = models.BooleanField("新质生产力型", default=False)
    new_quality_reason = models.CharField(
        "新质生产力型认定依据", max_length=300, blank=True, help_text="勾选“新质生产力型”时必填"
    )
    is_demonstration = models.BooleanField("示范性", default=False)
    chain = models.ForeignKey(IndustryChain, models.PROTECT, verbose_name="产业链", null=True, blank=True)
    address = models.CharField("地址", max_length=150, blank=True)
    area = models.DecimalField(
        "场地面积（平方米）",
        max_digits=8,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0, "面积不能为负数。")],
    )
    funds_wan = models.DecimalField(
        "经费（万元）",
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0, "经费不能为负数。")],
    )
    status = models.CharField("状态", max_length=12, choices=StudioStatus, default=StudioStatus.NAMED)
    reconfirmed_on = PartialDateField("复核时间", blank=True)
    summary = models.TextField("工作室简介", max_length=2000, blank=True)

    everything = everything(StudioQuerySet)
    objects = guarded(StudioQuerySet)

    class Meta:
        verbose_name = verbose_name_plural = "创新工作室"
        ordering = ("name_key", "id")
        indexes = [
            models.Index(fields=("name_key", "id")),
            models.Index(fields=("org", "name_key", "id")),
            models.Index(fields=("review_state", "name_key", "id")),
            models.Index(fields=("created_on", "id")),
            models.Index(fields=("category", "name_key")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("org", "name"),
                name="studio_once_per_unit",
                violation_error_message="该单位已有同名工作室，请勿重复登记。",
            ),
            models.CheckConstraint(
                condition=Q(is_new_quality=False) | ~Q(new_quality_reason=""),
                name="studio_new_quality_with_reason",
                violation_error_message="新质生产力型工作室须填写认定依据。",
            ),
        ]

    def problems(self) -> dict[str, str]:
        if self.is_new_quality and not self.new_quality_reason.strip():
            return {"new_quality_reason": "新质生产力型工作室须填写认定依据。"}
        if self.new_quality_reason and not self.is_new_quality:
            return {"is_new_quality": "填写了认定依据，请勾选“新质生产力型”，或清空依据。"}
        return {}


class StudioMember(Checked, Part):
    """工作室成员: a worker or laureate of the register, or somebody known by name only."""

    past_dates = ("joined_on",)

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="members")
    worker = models.ForeignKey(
        Worker, models.PROTECT, verbose_name="职工", null=True, blank=True, related_name="studio_places"
    )
    laureate = models.ForeignKey(
        Laureate, models.PROTECT, verbose_name="劳模工匠", null=True, blank=True, related_name="studio_places"
    )
    name = models.CharField("姓名", max_length=40, blank=True, help_text="未登记为职工或劳模的填写姓名")
    role = models.CharField("分工", max_length=60, blank=True)
    joined_on = PartialDateField("加入时间", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "工作室成员"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("studio", "worker"),
                name="studio_worker_once",
                violation_error_message="该职工已是此工作室成员。",
            ),
            models.UniqueConstraint(
                fields=("studio", "laureate"),
                name="studio_laureate_once",
                violation_error_message="该同志已是此工作室成员。",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.laureate or self.worker or "")

    def problems(self) -> dict[str, str]:
        if self.worker_id and self.laureate_id:
            return {"laureate": "职工与劳模工匠只选一项。"}
        if not (self.worker_id or self.laureate_id or self.name.strip()):
            return {"name": "请选择职工或劳模工匠，或填写姓名。"}
        return {}


class OutcomeKind(models.TextChoices):
    """成果类别 (facts B.5)."""

    PATENT = "patent", "专利"
    METHOD = "method", "先进操作法（工法）"
    PROJECT = "project", "课题攻关"
    FIVE_SMALL = "five_small", "五小成果"
    STANDARD = "standard", "标准"
    PAPER = "paper", "论文"
    AWARD = "award", "获奖"
    OTHER = "other", "其他"


class StudioOutcome(Checked, Part):
    """工作室成果: what a studio achieved in a year."""

    years_ahead = {"year": 1}

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="outcomes")
    kind = models.CharField("成果类别", max_length=10, choices=OutcomeKind)
    title = models.CharField("成果名称", max_length=150)
    year = models.PositiveSmallIntegerField("年度", validators=[MinValueValidator(1949, "年份不正确。")])
    benefit_wan = models.DecimalField(
        "经济效益（万元）",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0, "效益不能为负数。")],
    )
    trained = models.PositiveIntegerField("培训（人次）", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "工作室成果"
        ordering = ("-year", "pk")

    def __str__(self) -> str:
        return self.title

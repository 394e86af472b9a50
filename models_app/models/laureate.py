"""Laureates: model workers and craftsmen, the people the association exists for."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from models_app.models.person import NAMESAKE, Person
from models_app.models.photo import PhotoField
from models_app.models.skill import SkillLevel
from mofu.accounts.models import Industry, IndustryChain, Organization
from mofu.accounts.scope import everything, guarded
from mofu.registers.partial_dates import PartialDateField
from mofu.registers.records import RecordQuerySet, ReviewedRecord, ReviewState


class Category(models.TextChoices):
    """人员类别: the kind of honour by which a person is in the register (facts A.2, A.3)."""

    MODEL_WORKER = "model", "劳动模范"
    ADVANCED_WORKER = "advanced", "先进工作者"
    MAY_51 = "may51", "五一劳动奖章"
    CRAFTSMAN = "craft", "工匠"
    TREATMENT = "treatment", "享受劳模待遇"


class LaureateStatus(models.TextChoices):
    """人员状态, codes of ``reference.json`` → ``person_status``."""

    IN_SERVICE = "ZZ", "在职"
    RETIRED = "LTX", "离退休"
    LAID_OFF = "XG", "下岗（买断工龄）"
    SELF_EMPLOYED = "ZM", "自谋职业"
    FARMER = "NM", "农民"
    DEAD = "QS", "去世"
    MOVED_AWAY = "WQ", "外迁/调离"
    REVOKED = "CX", "撤销荣誉"
    LOST_TOUCH = "SL", "失联待核"


class PoliticalStatus(models.TextChoices):
    """政治面貌, GB/T 4762."""

    PARTY_MEMBER = "01", "中共党员"
    PROBATIONARY = "02", "中共预备党员"
    YOUTH_LEAGUE = "03", "共青团员"
    MINGE = "04", "民革党员"
    MINMENG = "05", "民盟盟员"
    MINJIAN = "06", "民建会员"
    MINJIN = "07", "民进会员"
    NONGGONG = "08", "农工党党员"
    ZHIGONG = "09", "致公党党员"
    JIUSAN = "10", "九三学社社员"
    TAIMENG = "11", "台盟盟员"
    INDEPENDENT = "12", "无党派人士"
    MASSES = "13", "群众"


class Education(models.TextChoices):
    """文化程度."""

    PRIMARY = "primary", "小学及以下"
    JUNIOR = "junior", "初中"
    SENIOR = "senior", "高中（中专、中技）"
    COLLEGE = "college", "大专"
    BACHELOR = "bachelor", "本科"
    MASTER = "master", "硕士研究生"
    DOCTOR = "doctor", "博士研究生"


NOT_COUNTED = (LaureateStatus.DEAD, LaureateStatus.MOVED_AWAY, LaureateStatus.REVOKED)


class LaureateQuerySet(RecordQuerySet):
    """Laureates by their standing."""

    def living(self) -> Self:
        """Keep everybody who is not recorded as dead."""
        return self.exclude(status=LaureateStatus.DEAD)

    def in_good_standing(self) -> Self:
        """Keep those who count: alive, not moved away, and not left without any honour by revocation."""
        honours = self.model._meta.get_field("honours").related_model.everything.filter(
            laureate=OuterRef("pk")
        )
        stripped = Exists(honours.filter(revoked=True, review_state=ReviewState.APPROVED))
        kept = Exists(honours.filter(revoked=False))
        return self.exclude(status__in=NOT_COUNTED).filter(~stripped | kept)

    def with_honour(self, kind: str = "", level: str = "") -> Self:
        """Keep those who hold an approved, unrevoked honour of a kind and level (either may stay open)."""
        honours = self.model._meta.get_field("honours").related_model.everything.filter(
            laureate=OuterRef("pk")
        )
        wanted = Q(title__kind=kind) if kind else Q()
        wanted &= Q(title__level=level) if level else Q()
        return self.filter(Exists(honours.approved().in_force().filter(wanted)))


class Laureate(Person, ReviewedRecord):
    """劳模工匠: one person's file; never deleted for death or revocation, which only end its counting."""

    scope_fields = ("org", "industry_union")
    erased_fields = (
        *Person.erased_fields, "photo", "ethnicity", "native_place", "political_status", "education", "joined_work",
    )  # fmt: skip
    past_dates = ("birth_date", "joined_work")
    ordered_dates = (("birth_date", "joined_work"),)

    category = models.CharField("人员类别", max_length=10, choices=Category)
    org = models.ForeignKey(Organization, models.PROTECT, verbose_name="工作单位", related_name="laureates")
    industry_union = models.ForeignKey(Organization, models.PROTECT, verbose_name="所属产业工会", null=True,
                                       blank=True, related_name="union_laureates")  # fmt: skip
    position = models.CharField("职务", max_length=60, blank=True)
    title = models.CharField("职称", max_length=60, blank=True)
    skill_level = models.PositiveSmallIntegerField("技能等级", choices=SkillLevel, null=True, blank=True)
    industry = models.ForeignKey(Industry, models.PROTECT, verbose_name="行业", null=True, blank=True)
    chain = models.ForeignKey(IndustryChain, models.PROTECT, verbose_name="产业链", null=True, blank=True)
    specialties = models.TextField("技术专长", max_length=500, blank=True)
    status = models.CharField(
        "人员状态", max_length=4, choices=LaureateStatus, default=LaureateStatus.IN_SERVICE
    )
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    political_status = models.CharField("政治面貌", max_length=2, choices=PoliticalStatus, blank=True)
    education = models.CharField("文化程度", max_length=10, choices=Education, blank=True)
    native_place = models.CharField("籍贯", max_length=60, blank=True)
    joined_work = PartialDateField("参加工作时间", blank=True)
    is_frontline = models.BooleanField("一线职工", default=False)
    photo = PhotoField("照片", blank=True, help_text="近期2寸正面免冠照，JPG 或 PNG，不超过5 MB")
    deeds = models.TextField("主要事迹", max_length=5000, blank=True)
    note = models.TextField("备注", max_length=1000, blank=True)

    everything = everything(LaureateQuerySet)
    objects = guarded(LaureateQuerySet)

    class Meta:
        verbose_name = verbose_name_plural = "劳模工匠"
        ordering = ("name_key", "id")
        indexes = [
            # Holds what a search reads, so that 100 000 names are searched without opening the rows.
            models.Index(fields=("name_key", "id", "search", "org"), name="laureate_search"),
            models.Index(fields=("org", "name_key", "id")),
            models.Index(fields=("review_state", "name_key", "id")),
            models.Index(fields=("status", "name_key", "id")),
            models.Index(fields=("category", "name_key", "id")),
            models.Index(fields=("birth_date", "id")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("org", "name", "birth_date"),
                condition=Q(id_number_hash__isnull=True),
                name="laureate_without_number_once",
                violation_error_message=NAMESAKE,
            )
        ]

    def problems(self) -> dict[str, str]:
        union = self.industry_union
        if union and union.kind != "industry_union":
            return {"industry_union": f"“{union}”不是产业工会，请重新选择。"} | super().problems()
        return super().problems()

    @property
    def counts(self) -> bool:
        """Whether this person is alive, here and not stripped of the honour (status only)."""
        return self.status not in NOT_COUNTED

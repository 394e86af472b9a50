"""Workers: apprentices and those who take part in the ten ones."""

from __future__ import annotations

from typing import Self

from django.db import models

from models_app.models import Laureate, SkillLevel
from models_app.models.person import NAMESAKE, Person
from mofu.accounts.models import Organization
from mofu.accounts.scope import everything, guarded
from mofu.registers.records import Record, RecordQuerySet


class WorkerQuerySet(RecordQuerySet):
    """Workers by skill."""

    def at_least(self, level: int) -> Self:
        """Keep those whose skill level is ``level`` or higher (:class:`SkillLevel`)."""
        return self.filter(skill_level__gte=level)


class Worker(Person, Record):
    """职工: a unit's employee; one who is also a laureate points to the laureate's file."""

    org = models.ForeignKey(Organization, models.PROTECT, verbose_name="所属单位", related_name="workers")
    trade = models.CharField("工种", max_length=40, blank=True)
    skill_level = models.PositiveSmallIntegerField("技能等级", choices=SkillLevel, null=True, blank=True)
    laureate = models.ForeignKey(
        Laureate,
        models.PROTECT,
        verbose_name="本人是劳模工匠",
        null=True,
        blank=True,
        related_name="worker_records",
        help_text="本人已登记为劳模工匠时选择",
    )
    note = models.CharField("备注", max_length=300, blank=True)

    everything = everything(WorkerQuerySet)
    objects = guarded(WorkerQuerySet)

    class Meta:
        verbose_name = verbose_name_plural = "职工"
        ordering = ("name_key", "id")
        indexes = [
            models.Index(fields=("name_key", "id", "search", "org"), name="worker_search"),
            models.Index(fields=("org", "name_key", "id")),
            models.Index(fields=("skill_level", "name_key", "id")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("org", "name", "birth_date"),
                condition=models.Q(id_number_hash__isnull=True),
                name="worker_without_number_once",
                violation_error_message=NAMESAKE,
            )
        ]

    def is_laureate(self, laureate: Laureate) -> bool:
        """Whether this worker and ``laureate`` are one person: linked, same ID number, or same name and birth date."""
        return self.laureate_id == laureate.pk or self.is_same_person(laureate)

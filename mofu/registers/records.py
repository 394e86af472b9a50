"""What every kept record has: an owner unit, bookkeeping, and — where it counts — a review state."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from mofu.accounts.models import Organization, Role, User
from mofu.accounts.scope import ScopedModel, ScopedQuerySet, everything, guarded
from mofu.accounts.trail import TrailedModel
from mofu.registers.partial_dates import PartialDateField
from mofu.registers.periods import Period


class RecordQuerySet(ScopedQuerySet):
    """Questions that can be asked of any register."""

    def approved(self) -> Self:
        """Keep what counts: approved records, or all where nothing is reviewed."""
        if issubclass(self.model, ReviewedRecord):
            return self.filter(review_state=ReviewState.APPROVED)
        return self

    def in_year(self, year: int) -> Self:
        """Keep the records of a programme year; registers without a year keep all."""
        return self.dated(Period.of_year(year)) if self.model.year_field else self

    def dated(self, period: Period, field: str = "") -> Self:
        """Keep the records whose ``field`` (default: the model's ``year_field``) lies in ``period``."""
        name = field or self.model.year_field
        column = self.model._meta.get_field(name)
        if isinstance(column, models.DateField):
            return self.filter(**{f"{name}__gte": period.start, f"{name}__lte": period.end})
        if isinstance(column, PartialDateField):
            # "2024" and "2024-06" sort before their first day and after the day before.
            return self.filter(
                **{
                    f"{name}__gte": f"{period.start:%Y}" if period.whole_years else f"{period.start:%Y-%m}",
                    f"{name}__lte": f"{period.end:%Y-%m-%d}",
                }
            )
        # Equality, not a range: an index that goes on behind the year can be used to its end.
        return self.filter(**{f"{name}__in": list(range(period.start.year, period.end.year + 1))})

    def search(self, text: str) -> Self:
        """Keep the records found by ``text`` in the search fields or in the name of their unit."""
        text = text.strip().lower()
        condition = Q()
        for field in self.model.search_fields:
            condition |= Q(**{f"{field}__contains": text})
        if "org" in self.model.scope_fields:
            condition |= Q(org__in=Organization.everything.search(text).values("pk"))
        return self.filter(condition)


class ReviewState(models.TextChoices):
    """草稿 → 待审 → 通过 / 退回. Only 通过 counts."""

    DRAFT = "draft", "草稿"
    PENDING = "pending", "待审"
    APPROVED = "approved", "通过"
    RETURNED = "returned", "退回"


class Record(ScopedModel, TrailedModel):
    """A record kept for a unit.

    ``year_field`` names the date that puts it into a programme year; ``search_fields`` are text columns
    that hold their search text in lower case. ``review_state`` and its company are kept by the server.
    """

    year_field: str = ""
    search_fields: tuple[str, ...] = ("search",)
    trail_ignored = ("search", "name_key", "updated_at", "created_at", "created_by")

    created_at = models.DateTimeField("录入时间", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="录入人",
        null=True,
        editable=False,
        related_name="+",
    )
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    everything = everything(RecordQuerySet)
    objects = guarded(RecordQuerySet)

    class Meta:
        abstract = True

    def stamp(self, user: User) -> None:
        """Note who enters or changes this record; called once before each save from a form."""
        if self._state.adding:
            self.created_by = user

    def needed(self) -> str:
        """Return why this record may not go though no other names it, in Chinese; empty where it may."""
        return ""

    def take_turn(self) -> None:
        """Let rivals that are being saved go first, then raise IntegrityError if one of them rules this record out.

        For rules over spans of time, which no unique constraint can state; called within the saving transaction.
        """


class ReviewedRecord(Record):
    """A record that counts towards progress once the city has approved it."""

    review_state = models.CharField(
        "审核状态", max_length=10, choices=ReviewState, default=ReviewState.DRAFT, editable=False
    )
    submitted_at = models.DateTimeField("送审时间", null=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="送审人",
        null=True,
        editable=False,
        related_name="+",
    )
    reviewed_at = models.DateTimeField("审核时间", null=True, editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="审核人",
        null=True,
        editable=False,
        related_name="+",
    )
    return_reason = models.CharField("退回原因", max_length=300, blank=True, editable=False)

    class Meta:
        abstract = True

    def stamp(self, user: User) -> None:
        """City staff's own entries are approved at once; what a county changes has to be handed in again.

        A county's draft stays a draft when the city corrects it: the county has not handed it in. What is approved
        already counts since it was, whoever of the city corrects it later.
        """
        super().stamp(user)
        if user.role == Role.CITY:
            if self._state.adding or self.is_pending:
                self.approve(user)
        elif self.review_state in (ReviewState.APPROVED, ReviewState.PENDING):
            self.review_state = ReviewState.DRAFT

    def submit(self, user: User) -> None:
        """Hand in for review (in memory; the caller saves)."""
        self.review_state = ReviewState.PENDING
        self.submitted_at, self.submitted_by = timezone.now(), user
        self.return_reason = ""

    def approve(self, user: User) -> None:
        """Approve (in memory; the caller saves)."""
        self.review_state = ReviewState.APPROVED
        self.reviewed_at, self.reviewed_by = timezone.now(), user
        self.return_reason = ""

    def send_back(self, user: User, reason: str) -> None:
        """Return with a reason (in memory; the caller saves)."""
        self.review_state = ReviewState.RETURNED
        self.reviewed_at, self.reviewed_by = timezone.now(), user
        self.return_reason = reason

    @property
    def can_be_submitted(self) -> bool:
        """Whether the record waits for its unit to hand it in."""
        return self.review_state in (ReviewState.DRAFT, ReviewState.RETURNED)

    @property
    def is_pending(self) -> bool:
        """Whether the record waits for the city's decision."""
        return self.review_state == ReviewState.PENDING


class Part(TrailedModel):
    """A row that belongs to a record (a participant, a member, a note) and lives and dies with it."""

    trail_ignored = ("id",)

    class Meta:
        abstract = True

    def trail_subject(self) -> models.Model:
        """A part's history is told with its record's."""
        return getattr(self, self.owner_field())

    @classmethod
    def owner_field(cls) -> str:
        """Return the name of the foreign key to the record that the part belongs to."""
        keys = (field for field in cls._meta.fields if field.is_relation)
        return next(key.name for key in keys if key.remote_field.on_delete is models.CASCADE)

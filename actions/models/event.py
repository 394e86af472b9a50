"""Events: everything that is held, entered once and counted wherever it belongs."""

from __future__ import annotations

from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from actions.models.campaign import Measure
from actions.models.task import Task
from actions.models.titled import Titled
from models_app.models import Laureate
from mofu.accounts.models import Organization
from mofu.accounts.scope import everything, guarded
from mofu.registers.records import Part, RecordQuerySet, ReviewedRecord

ENTERED = "已登记过同一活动（单位、名称、日期、地点都相同），请勿重复登记。"


class EventKind(models.TextChoices):
    """活动类型."""

    SESSION = "session", "“六进”宣讲"
    TRAINING = "training", "学习培训"
    SEMINAR = "seminar", "研讨会"
    COUNTY_TOUR = "county_tour", "县区行"
    CULTURE_SPORT = "culture_sport", "文体活动"
    PAIRING = "pairing", "结对帮扶"
    SCHOOL_VISIT = "school_visit", "进校园"
    RETREAT = "retreat", "疗休养"
    FORUM = "forum", "座谈会"
    COUNCIL = "council", "理事会"
    OTHER = "other", "其他"


class Destination(models.TextChoices):
    """“六进”去向: the six destinations of a session (programme.txt, action 1)."""

    ENTERPRISE = "enterprise", "进企业"
    WORKSHOP = "workshop", "进车间"
    TEAM = "team", "进班组"
    SITE = "site", "进工地"
    VILLAGE = "village", "进乡村"
    ONLINE = "online", "进网络"


class EventQuerySet(RecordQuerySet):
    """Events by what they were."""

    def sessions(self, destination: str = "") -> Self:
        """Keep the “六进” sessions, of one destination or of all six."""
        wanted = self.filter(kind=EventKind.SESSION)
        return wanted.filter(destination=destination) if destination else wanted

    def serving(self, *, campaign: str = "", task: Task | None = None) -> Self:
        """Keep events that serve a campaign (by code) or a task, each event once."""
        found = self
        if campaign:
            links = self.model.measures.through.objects.filter(measure__campaign__code=campaign)
            found = found.filter(pk__in=links.values("event_id"))
        if task is not None:
            found = found.filter(pk__in=self.model.tasks.through.objects.filter(task=task).values("event_id"))
        return found

    def search(self, text: str) -> Self:
        """Keep events found by their own text, their unit or the name of a laureate who took part."""
        text = text.strip().lower()
        parts = Participation.objects.filter(laureate__search__contains=text)
        units = Organization.everything.search(text)
        return self.filter(
            Q(search__contains=text)
            | Q(org__in=units.values("pk"))
            | Q(pk__in=parts.order_by().values("event_id"))
        )


class Event(Titled, ReviewedRecord):
    """活动: one event may serve several measures and several tasks; it is one row all the same."""

    Kind = EventKind
    Destination = Destination
    title_field = "title"
    search_extra = ("place",)
    year_field = "date"
    past_dates = ("date", "end_date")
    ordered_dates = (("date", "end_date"),)

    title = models.CharField("活动名称", max_length=120)
    kind = models.CharField("活动类型", max_length=15, choices=EventKind)
    destination = models.CharField(
        "“六进”去向", max_length=10, choices=Destination, blank=True, help_text="仅“六进”宣讲填写"
    )
    date = models.DateField("日期")
    end_date = models.DateField("结束日期", null=True, blank=True, help_text="一天之内结束的不填")
    place = models.CharField("地点", max_length=100, blank=True)
    org = models.ForeignKey(Organization, models.PROTECT, verbose_name="所属单位", related_name="events")
    host_org = models.ForeignKey(
        Organization,
        models.PROTECT,
        verbose_name="承办单位",
        null=True,
        blank=True,
        related_name="hosted_events",
    )
    visited_org = models.ForeignKey(
        Organization,
        models.PROTECT,
        verbose_name="走进单位",
        null=True,
        blank=True,
        related_name="visits",
        help_text="走进的企业、村、学校等",
    )
    audience = models.PositiveIntegerField("受众人数", null=True, blank=True)
    donated_yuan = models.DecimalField(
        "捐赠金额（元）",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0, "金额不能为负数。")],
    )
    laureates = models.ManyToManyField(
        Laureate, verbose_name="参加劳模工匠", through="Participation", related_name="events"
    )
    measures = models.ManyToManyField(
        Measure, verbose_name="服务的行动措施", blank=True, related_name="events"
    )
    tasks = models.ManyToManyField(Task, verbose_name="服务的双十任务", blank=True, related_name="events")
    summary = models.TextField("活动情况", max_length=3000, blank=True)

    everything = everything(EventQuerySet)
    objects = guarded(EventQuerySet)

    class Meta:
        verbose_name = verbose_name_plural = "活动"
        ordering = ("-date", "-id")
        indexes = [
            models.Index(fields=("-date", "-id")),
            models.Index(fields=("review_state", "-date", "-id")),
            models.Index(fields=("kind", "destination", "date")),
            models.Index(fields=("org", "-date", "-id")),
            models.Index(fields=("name_key", "id")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_date__isnull=True) | Q(end_date__gte=models.F("date")),
                name="event_ends_after_start",
                violation_error_message="结束日期不能早于日期。",
            ),
            models.CheckConstraint(
                condition=(Q(kind=EventKind.SESSION) & ~Q(destination=""))
                | (~Q(kind=EventKind.SESSION) & Q(destination="")),
                name="event_destination_for_sessions",
                violation_error_message="“六进”宣讲须选择去向，其他活动不填去向。",
            ),
            models.UniqueConstraint(
                fields=("org", "date", "title", "place"), name="event_once", violation_error_message=ENTERED
            ),
        ]

    def problems(self) -> dict[str, str]:
        if self.kind == EventKind.SESSION and not self.destination:
            return {"destination": "“六进”宣讲须选择去向。"}
        if self.kind and self.kind != EventKind.SESSION and self.destination:
            return {"destination": "只有“六进”宣讲填写去向；请清空，或将活动类型改为“六进”宣讲。"}
        return {}

    def duplicates(self) -> dict[str, str]:
        return {"title": ENTERED} if self._is_entered_already() else {}

    def _is_entered_already(self) -> bool:
        if not (self.org_id and self.date):
            return False
        same = Event.everything.filter(org=self.org_id, title=self.title, date=self.date, place=self.place)
        return same.exclude(pk=self.pk).exists()

    @property
    def laureate_names(self) -> str:
        """The names of the laureates who took part, as a roster writes them."""
        return "、".join(part.laureate.name for part in self.participations.all())


class EventPart(models.TextChoices):
    """What a laureate did at an event."""

    SPEAKER = "speaker", "主讲"
    DEMONSTRATOR = "demonstrator", "示范"
    GUIDE = "guide", "指导"
    ATTENDEE = "attendee", "参加"
    ORGANISER = "organiser", "组织"


class Participation(Part):
    """参加人员: a laureate at an event, once, with what he or she did there."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="participations")
    laureate = models.ForeignKey(
        Laureate, models.PROTECT, verbose_name="劳模工匠", related_name="participations"
    )
    part = models.CharField("承担内容", max_length=15, choices=EventPart, default=EventPart.ATTENDEE)
    note = models.CharField("备注", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "参加人员"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("event", "laureate"),
                name="participation_once",
                violation_error_message="同一人在同一场活动中只登记一次。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.laureate}（{self.get_part_display()}）"

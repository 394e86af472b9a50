"""Searching the trail: by person, record, action, time, address and request; each walks an index from its newest end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.apps import apps
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from mofu.accounts.models import TrailEntry, User
from mofu.accounts.trail_actions import Action
from mofu.accounts.trail_versions import is_key
from mofu.registers.typed_numbers import without_numbers

PAGE = 50
COUNTED = 10_000  # entries that are counted; beyond, it is said that there are more
HEADER = (
    "编号", "时间", "操作人", "操作", "记录类型", "记录编号", "记录名称", "变更内容", "说明", "来源地址", "请求编号", "导出人和时间",
)  # fmt: skip


class Day(forms.DateField):
    """A day the trail may know: at the ends of time the day after, or midnight here in UTC, is none."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_validators = (MinValueValidator(date(1970, 1, 1)), MaxValueValidator(date(2199, 12, 31)))


class TrailForm(forms.Form):
    """What an auditor looks for; everything may be left empty."""

    actor = forms.CharField(label="操作人", required=False, max_length=80)
    action = forms.ChoiceField(label="操作", required=False, choices=[("", "全部"), *Action.choices])
    model = forms.ChoiceField(label="记录类型", required=False)
    object_id = forms.CharField(label="记录编号", required=False, max_length=40)
    name = forms.CharField(label="记录名称（全称）", required=False, max_length=200)
    since = Day(label="起始日期", required=False)
    until = Day(label="截止日期", required=False)
    ip = forms.CharField(label="来源地址", required=False, max_length=45)
    request_id = forms.CharField(label="请求编号", required=False, max_length=32)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        kinds = [
            (model._meta.label_lower, str(model._meta.verbose_name))
            for model in apps.get_models()
            if hasattr(model, "trail_subject")
        ]
        self.fields["model"].choices = [("", "全部"), *sorted(kinds, key=lambda kind: kind[1])]

    def entries(self) -> models.QuerySet:
        """Return what was asked for, newest first; nothing where it makes no sense."""
        rows = TrailEntry.objects.order_by("-at", "-pk")
        if not self.is_valid():
            return rows.none()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        exact = {
            "action": "action",
            "model": "model",
            "object_id": "object_id",
            "name": "object_label",
            "ip": "ip",
            "request_id": "request_id",
        }
        rows = rows.filter(**{column: asked[name] for name, column in exact.items() if name in asked})
        if "actor" in asked:
            rows = rows.filter(_by(asked["actor"]))
        if "since" in asked:
            rows = rows.filter(at__gte=_midnight(asked["since"]))
        if "until" in asked:
            rows = rows.filter(at__lt=_midnight(asked["until"] + timedelta(days=1)))
        return rows

    @property
    def words(self) -> str:
        """What is asked for, for the head of an export."""
        said = []
        for name, value in getattr(self, "cleaned_data", {}).items():
            choices = dict(getattr(self.fields[name], "choices", ()))
            said += [f"{self.fields[name].label}：{choices.get(value, value)}"] if value else []
        return "；".join(said)


def _by(name: str) -> Q:
    """Return the condition “done by”: by the name or account of a person, or by the name of a command."""
    users = User.objects.filter(Q(name=name) | Q(username=name)).values_list("pk", flat=True)
    return Q(actor__in=list(users)) if users else Q(actor=None, actor_name=name)


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


@dataclass(frozen=True)
class Page:
    """Entries from one on; ``older`` is the key of the last one where there are more."""

    entries: list[TrailEntry]
    older: int | None


def page_of(rows: models.QuerySet, before: str) -> Page:
    """Return the entries that follow the one with the key ``before`` (the newest without one), at the same cost for any page."""
    mark = TrailEntry.objects.filter(pk=before).first() if is_key(before) else None
    if mark:
        rows = rows.filter(at__lte=mark.at).exclude(at=mark.at, pk__gte=mark.pk)
    found = list(rows.defer("changes_json")[: PAGE + 1])
    return Page(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def count_of(rows: models.QuerySet) -> str:
    """Say how many there are, as far as it is worth counting."""
    count = rows.order_by()[: COUNTED + 1].count()
    return f"{COUNTED} 条以上" if count > COUNTED else f"共 {count} 条"


def changes_of(entry: TrailEntry) -> list[tuple[str, str, str]]:
    """Return label, before and after of every field an entry tells of, personal numbers masked."""
    labels = _labels(entry.model)
    return [
        (labels.get(name, name), without_numbers(before), without_numbers(after))
        for name, (before, after) in entry.changes.items()
    ]


def _labels(label: str) -> dict[str, str]:
    """Return the Chinese names of the fields of a record and of its parts."""
    if not label:
        return {}
    model = apps.get_model(label)
    parts = [
        relation.related_model
        for relation in model._meta.related_objects
        if hasattr(relation.related_model, "owner_field")
    ]
    return {
        field.name: str(getattr(field, "verbose_name", field.name))
        for one in (*parts, model)
        for field in one._meta.get_fields()
    }


def exported(rows: models.QuerySet, mark: str) -> Iterator[tuple[str, ...]]:
    """Yield the rows of an export while they are read; the last column says on each who exported and when."""
    for entry in rows.iterator(2000):
        changes = "；".join(f"{label}：{before} → {after}" for label, before, after in changes_of(entry))
        yield (
            str(entry.pk),
            f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}",
            entry.actor_name,
            str(entry.get_action_display()),
            entry.model_title,
            entry.object_id,
            without_numbers(entry.object_label),
            changes[:2000],
            without_numbers(entry.reason),
            entry.ip,
            entry.request_id,
            mark,
        )

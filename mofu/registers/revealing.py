"""Looking at one personal number in full, exporting many: for a purpose, so many a day, with a trail (ASVS 14.2.4, facts D.3)."""

from __future__ import annotations

import logging

from django import forms
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from mofu.accounts import trail
from mofu.accounts.models import TrailEntry, User
from mofu.registers.masks import TELLING
from mofu.registers.typed_numbers import without_numbers

log = logging.getLogger(__name__)


class Purpose(models.TextChoices):
    """What staff need a full number for."""

    CONTACT = "contact", "联系本人或家属"
    VERIFY = "verify", "核对身份、查重"
    BENEFIT = "benefit", "办理待遇、慰问、疗休养"
    REPORT = "report", "填报上级要求的材料"
    OTHER = "other", "其他（请写明）"


class TooManyToday(Exception):  # noqa: N818 - an answer for the user, not a failure of the program
    """The user has looked at as many numbers today as one may."""

    def __init__(self) -> None:
        most = settings.REVEALS_PER_DAY
        super().__init__(
            f"您今天查看完整内容已达 {most} 次上限。批量使用请通过“导出”并填写用途，或明天再查看。"
        )


class TooManyRows(Exception):  # noqa: N818 - as above
    """An export in full would go beyond what the user may take out in a day."""

    def __init__(self, count: int, done: int) -> None:
        super().__init__(
            f"没有导出：每人每天最多导出完整号码 {settings.FULL_ROWS_PER_DAY} 行，您今天已导出 {done} 行，这次有 {count} 行。"
            "请缩小筛选范围，或隐去号码导出，或明天再导出；确有需要请联系系统管理员。"
        )


class RevealForm(forms.Form):
    """What somebody wants to see a number for."""

    purpose = forms.ChoiceField(
        label="查看用途",
        choices=Purpose,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": "请选择查看用途。"},
    )
    words = forms.CharField(
        label="具体事由",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        help_text="选“其他”时必填。用途和事由写入操作留痕，供审计查阅；请勿在此填写号码或病情。",
    )

    def clean(self) -> dict[str, str]:
        """Ask for words where no purpose of the list fits."""
        data = super().clean() or self.cleaned_data
        if data.get("purpose") == Purpose.OTHER and not data.get("words"):
            self.add_error("words", "请写明查看事由。")
        return data

    @property
    def told(self) -> str:
        """The purpose in words, once the form is valid; numbers that were typed all the same are hidden."""
        purpose, words = Purpose(self.cleaned_data["purpose"]), without_numbers(self.cleaned_data["words"])
        label = "其他" if purpose == Purpose.OTHER else purpose.label
        return f"{label}：{words}" if words else str(label)


def left_today(user: User) -> int:
    """Return how many more numbers the user may look at today."""
    return max(settings.REVEALS_PER_DAY - _today(user, trail.Action.REVEALED).count(), 0)


def _today(user: User, action: trail.Action) -> models.QuerySet[TrailEntry]:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return TrailEntry.objects.filter(actor=user, action=action, at__gte=midnight)


def note(user: User, obj: models.Model, name: str, purpose: str) -> None:
    """Put on the trail that the user looks at the field ``name``; raise TooManyToday instead of going beyond the limit."""
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)  # two requests at once count one another
        if not left_today(user):
            raise TooManyToday
        label = obj._meta.get_field(name).verbose_name
        trail.record(trail.Action.REVEALED, obj, reason=f"{label}；用途：{purpose}")


# How the entry of an export says that so many rows left with numbers in full, or so that they can be worked out.
ROWS, NUMBERS, FULL = "条数", "号码", "完整"
_TELLING = {FULL} | {style.title for style in TELLING}
MUCH_TAKEN = "大量导出完整号码"  # begins the alarm that administrators find


def rows_today(user: User) -> int:
    """Return how many rows with full numbers the user has exported today."""
    told = (entry.changes for entry in _today(user, trail.Action.EXPORTED))
    return sum(int(changes[ROWS][1]) for changes in told if changes.get(NUMBERS, ["", ""])[1] in _TELLING)


def require_rows(user: User, count: int) -> None:
    """Raise TooManyRows where so many rows more would be beyond the day's limit; commands of the operator have none."""
    if isinstance(user, User) and (done := rows_today(user)) + count > settings.FULL_ROWS_PER_DAY:
        raise TooManyRows(count, done)


def note_rows(user: User, count: int, reason: str, changes: trail.Changes) -> None:
    """Put an export of so many rows in full on the trail, with an alarm once it is much; raise TooManyRows instead of going beyond."""
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)  # as above
        require_rows(user, count)
        done, half = rows_today(user), settings.FULL_ROWS_PER_DAY / 2
        changes = {ROWS: ["", str(count)], NUMBERS: ["", FULL], **changes}
        trail.record(trail.Action.EXPORTED, reason=reason, changes=changes, actor=user)
        if done <= half < done + count:
            log.warning("account %s has exported %d rows in full today", user.pk, done + count)
            words = (
                f"{MUCH_TAKEN}：今天已 {done + count} 行，超过每日上限 {settings.FULL_ROWS_PER_DAY} 行的一半"
            )
            trail.record(trail.Action.ALARM, user, reason=words, actor=user)

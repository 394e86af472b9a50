"""Status: progress compared with the share of time elapsed (序时进度)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db import models

from actions.models import Comparator


class Status(models.TextChoices):
    """How a target stands."""

    DONE = "done", "已完成"
    ON_TRACK = "on_track", "序时"
    BEHIND = "behind", "滞后"
    FAR_BEHIND = "far_behind", "严重滞后"


LATE = (Status.BEHIND, Status.FAR_BEHIND)


@dataclass(frozen=True)
class Thresholds:
    """Shares of the expected progress: at least ``on_track`` is 序时, at least ``behind`` is 滞后.

    ``about`` is how far below an “≈” target still counts as reached (0.05 = 5 %).
    """

    on_track: Decimal = Decimal("1.00")
    behind: Decimal = Decimal("0.70")
    about: Decimal = Decimal("0.05")


def reached(value: Decimal, target: Decimal, comparator: str, thresholds: Thresholds) -> bool:
    """Whether the target is met: “≈ 100” is met by 95 to any number above."""
    floor = target * (1 - thresholds.about) if comparator == Comparator.ABOUT else target
    return value >= floor


def status_of(
    value: Decimal, target: Decimal, comparator: str, elapsed: float, thresholds: Thresholds
) -> Status:
    """Compare progress with the share ``elapsed`` (0 to 1) of the target's period."""
    if reached(value, target, comparator, thresholds):
        return Status.DONE
    expected = target * Decimal(str(elapsed))
    if value >= expected * thresholds.on_track:
        return Status.ON_TRACK
    return Status.BEHIND if value >= expected * thresholds.behind else Status.FAR_BEHIND


def mean(shares: Sequence[int]) -> Decimal:
    """Return the mean of whole per cents with one digit, 0 for none: how boards are compared on pages and in reports."""
    return (Decimal(sum(shares)) / max(len(shares), 1)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def places(means: Sequence[Decimal]) -> list[int]:
    """Return the rank of each, 1 the highest; equal ones share a rank."""
    return [1 + sum(other > one for other in means) for one in means]


def percent(value: Decimal, target: Decimal) -> int:
    """Return the share reached as whole percent, rounded down, 0 to 100; of a target of nothing all is reached."""
    return max(0, min(100, int(value * 100 / target))) if target else 100

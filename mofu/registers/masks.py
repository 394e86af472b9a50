"""Hiding the middle, the head or the tail of a personal number: one home for every style that is shown or exported."""

from __future__ import annotations

from django.db import models

from mofu.registers.id_numbers import masked, masked_phone

SHORTEST_PHONE = SHORTEST_NUMBER = 8  # digits; of a shorter one nothing is shown
ON_FILE = "（已登记）"  # stands for a text


class MaskStyle(models.TextChoices):
    """How personal numbers stand in an export; upper offices ask for different ones (facts.md D.3)."""

    MIDDLE = "middle", "隐去中段：320999********1234、138****5678"
    LAST_FOUR = "last4", "只留后四位：**************1234、*******5678"
    TAIL = "tail", "隐去末段：3209991975********、1380013****"


def mask(name: str, value: str, style: str = MaskStyle.MIDDLE) -> str:
    """Return the value of the field ``name`` hidden in a style, phones by phone custom, texts altogether; empty for none."""
    is_phone = "phone" in name
    if value and not is_phone and not (len(value) >= SHORTEST_NUMBER and value[:-1].isdigit()):
        return ON_FILE
    if style == MaskStyle.MIDDLE or not value:
        return masked_phone(value) if is_phone else masked(value)
    if is_phone and len(value) < SHORTEST_PHONE:
        return "****"
    if style == MaskStyle.LAST_FOUR:
        return "*" * (len(value) - 4) + value[-4:]
    hidden = 4 if is_phone else 8
    return value[:-hidden] + "*" * hidden


def masks(name: str, value: str) -> set[str]:
    """Return every way in which the number may stand in a file of ours; nothing for no number."""
    return {mask(name, value, style) for style in MaskStyle} if value else set()

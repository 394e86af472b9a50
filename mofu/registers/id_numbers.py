"""居民身份证号 (GB 11643): check digit, birth date and sex."""

from __future__ import annotations

import math
from datetime import date

from django.core.exceptions import ValidationError

from mofu.registers.periods import today

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_FULL_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789XX")


def normalise(text: str) -> str:
    """Return the number without blanks, half-width, with upper-case X."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return "".join(text.split()).translate(_FULL_WIDTH).upper()


def check_digit(first17: str) -> str:
    """Return the 18th character for the first 17 digits (ISO 7064 MOD 11-2)."""
    total = math.sumprod(tuple(map(int, first17)), _WEIGHTS)
    return _CHECKS[total % 11]


def validate(number: str) -> None:
    """Raise ValidationError with the broken rule in Chinese unless ``number`` is a valid 18-digit number."""
    if len(number) != 18 or not number[:17].isascii() or not number[:17].isdigit():
        raise ValidationError("身份证号应为18位：前17位是数字，末位是数字或X。")
    if check_digit(number[:17]) != number[17]:
        raise ValidationError("身份证号校验位不对：请核对是否输错或漏输了数字。")
    birth = birth_date(number)
    if birth is None or not date(1900, 1, 1) <= birth <= today():
        raise ValidationError("身份证号第7至14位不是有效的出生日期。")


def birth_date(number: str) -> date | None:
    """Return the birth date in digits 7–14, None when they are no date."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def sex(number: str) -> str:
    """Return ``"M"`` or ``"F"`` by the 17th digit."""
    return "M" if int(number[16]) % 2 else "F"

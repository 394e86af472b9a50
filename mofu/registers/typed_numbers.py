"""Personal numbers in what people type into texts: purposes, reasons, searches."""

from __future__ import annotations

import re
import unicodedata

from mofu.registers.masks import mask

SHORTEST_RUN = 8  # digits in a row that may be a personal number: ID number, phone, account
SHORTEST_CERTAIN = 11  # digits that hardly are anything else: a mobile number has eleven
_BETWEEN = r"[\s\-\u2010\u2011\u2212\uff0d\u200b-\u200f\u2060\ufeff]"  # blanks, hyphens, what nobody sees
_RUN = re.compile(rf"\d(?:{_BETWEEN}*\d){{{SHORTEST_RUN - 1},}}(?:{_BETWEEN}*[XxＸｘ](?![A-Za-z]))?")
_DIGEST = r"(?<![0-9A-Za-z])(?=[0-9]*[a-f])[0-9a-f]{32,64}(?![0-9A-Za-z])"
_DAY = r"(?:19|20)\d{2}(?P<by>-?)(?:0?[1-9]|1[0-2])(?P=by)(?:0?[1-9]|[12]\d|3[01])"
_MINUTE = r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?"
_DATE = re.compile(rf"(?<!\d){_DAY}(?!\d)")  # 2026-03-01, 20260301
_MOMENT = re.compile(
    _DAY + _MINUTE
)  # 202603011230, as in names of files; within more digits it may be part of a number
_FOUND = re.compile(rf"{_DIGEST}|{_RUN.pattern}")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_ID_NUMBER = re.compile(r"\d{17}[\dX]")


def without_numbers(text: str) -> str:
    """Return a text with the personal numbers hidden that somebody typed into it; dates and checksums stay."""
    return _FOUND.sub(lambda found: _hidden(found[0]), text)


def holds_number(text: str) -> bool:
    """Whether a text holds what can hardly be anything but an ID number, a phone number or an account."""
    return any(
        len(_undated(run)) >= SHORTEST_CERTAIN or _ID_NUMBER.fullmatch(_digits(run))
        for run in (found[0] for found in _RUN.finditer(text))
    )


def _hidden(run: str) -> str:
    """Return one run of digits hidden, as it is where it is a date or a checksum."""
    if not _RUN.fullmatch(run) or len(_undated(run)) < SHORTEST_RUN:
        return run
    number = _digits(run)
    if _ID_NUMBER.fullmatch(number):
        return mask("id_number", number)
    if _MOBILE.fullmatch(number):
        return mask("phone", number)
    return f"****{number[-4:]}" if len(number) > SHORTEST_CERTAIN else "****"


def _undated(run: str) -> str:
    """Return the digits of a run that belong to no date."""
    plain = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in run)
    return "" if _MOMENT.fullmatch(plain) else _digits(_DATE.sub(" ", plain))


def _digits(run: str) -> str:
    """Return the digits of a run, and the X at the end of an ID number, in plain letters."""
    return "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else "X"
        for sign in run
        if sign.isdecimal() or sign in "XxＸｘ"
    )

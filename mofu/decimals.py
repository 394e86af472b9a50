"""Decimals as people write them."""

from __future__ import annotations

from decimal import Decimal


def plain(value: Decimal) -> str:
    """Return every digit that counts and no other: ``100`` for 100.00 and for 1E+2, ``0.5`` for 0.50."""
    return f"{value.normalize():f}"

"""Side columns: columns of a register's sheet that belong to another record of the same row's person or unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Side:
    """Records of the register ``slug`` that a row may carry beside its own, linked to it by the field ``link``.

    ``fields`` are the form fields offered as columns, the first one says whether the row carries anything;
    ``key`` are the fields by which an existing one is recognised; ``complete`` fills in what follows from others.
    """

    slug: str
    link: str
    fields: tuple[str, ...]
    key: tuple[str, ...]
    synonyms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    complete: Callable[[dict[str, Any]], None] = lambda _values: None

"""Side columns: columns of a register's sheet that belong to another record of the same row's person or unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Side:
    """Records of the register ``slug`` that a row may carry beside its own, linked to it by the field ``link``.

    ``name`` tells several kinds of the same register apart; ``fixed`` are values that all of them have.
    ``fields`` are the form fields offered as columns, the first one says whether the row carries anything;
    ``key`` are the fields by which an existing one is recognised; ``complete`` fills in what follows from others.
    """

    slug: str
    link: str
    fields: tuple[str, ...]
    key: tuple[str, ...]
    synonyms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    complete: Callable[[dict[str, Any]], None] = lambda _values: None
    name: str = ""
    fixed: dict[str, Any] = field(default_factory=dict)

    @property
    def ident(self) -> str:
        """What tells this kind of side record from the register's others."""
        return self.name or self.slug

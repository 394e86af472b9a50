"""Side columns: columns of a register's sheet that belong to another record of the same row's person or unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


class SideProblem(Exception):  # noqa: N818 - a cell is wrong, the program has not erred
    """What a row says beside its own record cannot be taken; ``side`` and ``name`` say at which column."""

    def __init__(self, side: str, name: str, message: str) -> None:
        super().__init__(message)
        self.side, self.name = side, name


@dataclass(frozen=True)
class Side:
    """Records of the register ``slug`` that a row may carry beside its own, linked to it by the field ``link``.

    ``name`` tells several kinds of the same register apart; ``fixed`` are values that all of them have.
    ``fields`` are the form fields offered as columns, the first one says whether the row carries anything;
    ``key`` are the fields by which an existing one is recognised; ``complete`` fills in what follows from others.
    ``labels``, ``readers`` and ``hints`` say by field how a column is called, how its cells are read (None: the row
    carries nothing) and what to fill in, where that differs from the form field. An empty ``link`` is for rows that are
    no record themselves. ``shared`` columns belong to all kinds of the row; the register's tidier hands them out.
    """

    slug: str
    link: str
    fields: tuple[str, ...]
    key: tuple[str, ...]
    synonyms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    complete: Callable[[dict[str, Any]], None] = lambda _values: None
    name: str = ""
    fixed: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    readers: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    hints: dict[str, str] = field(default_factory=dict)
    shared: bool = False

    @property
    def ident(self) -> str:
        """What tells this kind of side record from the register's others."""
        return self.name or self.slug

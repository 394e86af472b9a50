"""Parts of a figure by a quality of its rows (sex, level, stage …), each part open to its rows like the figure itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import CharField, Count, F, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from actions.progress.frame import Frame
from actions.progress.indicator import BESIDE, INDICATORS, Indicator
from actions.progress.within import Within

Labels = Callable[[], Mapping[str, str]]
UNKNOWN = "未填写"


@dataclass(frozen=True)
class Slice:
    """One way to part the figure ``indicator``: ``value`` tells the part of a row, ``labels`` name the parts in order."""

    code: str
    indicator: str
    title: str
    value: Callable[[Within], Combinable]
    labels: Labels

    @property
    def figure(self) -> Indicator:
        """The figure that is parted."""
        return INDICATORS.get(self.indicator) or BESIDE[self.indicator]

    def valued(self, rows: QuerySet, within: Within, name: str = "part") -> QuerySet:
        """Annotate the part each row belongs to, as text."""
        return rows.annotate(**{name: Cast(self.value(within), CharField())})

    def pick(self, rows: QuerySet, within: Within, part: str) -> QuerySet:
        """Keep the rows of one part; the empty one is of those where it is not known."""
        valued = self.valued(rows, within)
        return valued.filter(part=part) if part else valued.filter(Q(part="") | Q(part__isnull=True))


@dataclass(frozen=True)
class Share:
    """One part: its key, its name, how many rows, where they are."""

    key: str
    label: str
    count: int
    url: str


SLICES: dict[tuple[str, str], Slice] = {}


def cut(
    indicator: str, code: str, title: str, labels: Labels, value: Callable[[Within], Combinable] | None = None
) -> Slice:
    """Declare a slice of an indicator; by default the part is told by the field ``code``."""
    found = Slice(code, indicator, title, value or (lambda _: F(code)), labels)
    SLICES[indicator, code] = found
    return found


class Facets:
    """The rows of one figure parted in several ways at once: one query, whatever is asked of it afterwards."""

    def __init__(self, frame: Frame, *slices: Slice) -> None:
        self.frame, self.slices = frame, slices
        (self.figure,) = {found.figure for found in slices}

    @cached_property
    def _counts(self) -> Counter[tuple[str, ...]]:
        within = self.frame.within()
        rows = self.figure.rows(within).order_by()
        names = [f"part_{place}" for place, _ in enumerate(self.slices)]
        for name, found in zip(names, self.slices, strict=True):
            rows = found.valued(rows, within, name)
        counts: Counter[tuple[str, ...]] = Counter()
        for *parts, count in rows.values_list(*names).annotate(n=Count("pk", distinct=True)):
            counts[tuple(part or "" for part in parts)] += count
        return counts

    def shares(self, found: Slice) -> list[Share]:
        """Return the parts that have rows: in the order of their labels, the unknown last."""
        counts = self._by(found)
        return [
            Share(key, label, counts[key,], link(self.frame, found, key))
            for key, label in _named(found)
            if counts[key,]
        ]

    def crossed(self, down: Slice, across: Slice) -> tuple[list[str], list[tuple[str, list[int]]]]:
        """Return the labels across, and for every part of ``down`` its label and counts; parts without rows are left out."""
        counts, lines, heads = self._by(down, across), self._by(down), self._by(across)
        columns = [(key, label) for key, label in _named(across) if heads[key,]]
        rows = [
            (label, [counts[key, column] for column, _ in columns])
            for key, label in _named(down)
            if lines[key,]
        ]
        return [label for _, label in columns], rows

    def _by(self, *slices: Slice) -> Counter[tuple[str, ...]]:
        places = [self.slices.index(found) for found in slices]
        folded: Counter[tuple[str, ...]] = Counter()
        for parts, count in self._counts.items():
            folded[tuple(parts[place] for place in places)] += count
        return folded


def link(frame: Frame, found: Slice, part: str) -> str:
    """Return the address of the rows of one part, empty for who sees no records."""
    url = frame.link(found.figure)
    return f"{url}&{urlencode({'slice': f'{found.code}:{part}'})}" if url else ""


def asked(code: str, text: str) -> tuple[Slice, str, str] | None:
    """Return slice, part and the part's name that an address (``slice=sex:F``) asks of an indicator, None for no such."""
    name, _, part = text.partition(":")
    found = SLICES.get((code, name))
    if found is None:
        return None
    return found, part, dict(_named(found)).get(part, part)


def _named(found: Slice) -> list[tuple[str, str]]:
    return [*found.labels().items(), ("", UNKNOWN)]

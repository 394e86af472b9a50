"""Parts of a figure by a quality of its rows (sex, level, stage …), each part open to its rows like the figure itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import CharField, Count, F, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from actions.progress.frame import Frame
from actions.progress.indicator import BESIDE, INDICATORS
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


def shares(frame: Frame, found: Slice) -> list[Share]:
    """Return the parts that have rows: in the order of their labels, the unknown last; one query and the labels'."""
    within = frame.within()
    rows = found.valued(_rows(found, within), within).order_by()
    counts: dict[str, int] = {}
    for part, count in (
        rows.values_list("part").annotate(n=Count("pk", distinct=True)).values_list("part", "n")
    ):
        counts[part or ""] = counts.get(part or "", 0) + count
    return [
        Share(key, label, counts[key], link(frame, found, key))
        for key, label in _named(found)
        if counts.get(key)
    ]


def crossed(frame: Frame, down: Slice, across: Slice) -> tuple[list[str], list[tuple[str, list[int]]]]:
    """Return the labels across, and for every part of ``down`` its label and counts; parts without rows are left out."""
    within = frame.within()
    rows = across.valued(down.valued(_rows(down, within), within, "down"), within, "across").order_by()
    counts = {
        (one or "", other or ""): count
        for one, other, count in rows.values_list("down", "across").annotate(n=Count("pk", distinct=True))
    }
    seen_down, seen_across = {one for one, _ in counts}, {other for _, other in counts}
    columns = [(key, label) for key, label in _named(across) if key in seen_across]
    lines = [
        (label, [counts.get((key, column), 0) for column, _ in columns])
        for key, label in _named(down)
        if key in seen_down
    ]
    return [label for _, label in columns], lines


def link(frame: Frame, found: Slice, part: str) -> str:
    """Return the address of the rows of one part, empty for who sees no records."""
    url = frame.link((INDICATORS | BESIDE)[found.indicator])
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


def _rows(found: Slice, within: Within) -> QuerySet:
    return (INDICATORS | BESIDE)[found.indicator].rows(within)

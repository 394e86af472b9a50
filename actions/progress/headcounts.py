"""Headcount-only returns beside the named ten ones: shown next to each other, never added up.

The figures of the programme (``double_strive.*``) count named records alone; docs/decisions/009-headcounts.md says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet, Sum

from actions.models import HeadcountReturn, TenOne, TenOneItem, TenOneYear
from actions.progress.breakdown import OTHER, OUTSIDE
from actions.progress.double_strive import ITEM_LABELS, ITEMS
from actions.progress.figures import Asked, read
from actions.progress.frame import Frame
from actions.progress.indicator import BESIDE, INDICATORS, Indicator, Number, Rows, indicator
from actions.progress.within import Within
from mofu.accounts.models import Organization, OrganizationKind
from mofu.accounts.models.organization import BOARD_DEPTH, STEP

OVERLAP = "headcounts.overlap"


def _item(number: int) -> Rows:
    def rows(within: Within) -> QuerySet:
        return within.dated(HeadcountReturn).of_item(number)

    rows.__doc__ = f"People in the headcount returns of item {number}, month by month, without names."
    return rows


for _number, _label in zip(ITEMS, ITEM_LABELS, strict=True):
    indicator(
        f"headcounts.item_{_number}",
        f"仅报人数：{_label}",
        "人次",
        "headcounts",
        measure=Sum("people"),
        beside=True,
    )(_item(_number))


@indicator("headcounts.silent", "本年没有报送的企业", "家", "organizations", home="self", beside=True)
def silent(within: Within) -> QuerySet:
    """Enterprises in use that brought neither named ten ones nor a headcount return in the period."""
    why = "whether a unit reported is no personal data"
    named = within.known(TenOne.objects.unscoped(why)).approved().dated(within.period)
    if within.known_by is None:
        named = TenOneYear.objects.unscoped(why).dated(within.period)
    numbers = within.known(HeadcountReturn.objects.unscoped(why)).approved().dated(within.period)
    units = Organization.objects.visible_to(within.user).within(within.path)
    enterprises = units.filter(kind=OrganizationKind.ENTERPRISE, active=True)
    return enterprises.exclude(pk__in=named.values("org")).exclude(pk__in=numbers.values("org"))


@indicator(OVERLAP, "与实名记录同单位、同项、同月的人数报送", "条", "headcounts", beside=True)
def overlap(within: Within) -> QuerySet:
    """Returns of a unit, item and month for which there are approved named records too."""
    return within.dated(HeadcountReturn).overlapping()


@dataclass(frozen=True)
class Pair:
    """Named records and people reported without names, of one item in one unit; never to be added."""

    named: Number
    named_url: str
    people: Number
    people_url: str


@dataclass(frozen=True)
class PairRow:
    """One board, or the whole, with its ten pairs; ``doubled`` returns stand beside named records of the same."""

    name: str
    pairs: list[Pair]
    doubled: Number
    doubled_url: str


@dataclass(frozen=True)
class PairTable:
    """The ten items by board, named and reported side by side; no rows where nobody reports headcounts."""

    items: list[tuple[int, str]]
    rows: list[PairRow] = field(default_factory=list)
    whole: PairRow | None = None


def pair_table(frame: Frame) -> PairTable:
    """Return the table of the boards in sight, empty while there are no approved returns of the year."""
    items = list(TenOneItem.objects.order_by("number").values_list("number", "name"))
    within = frame.within()
    if not within.dated(HeadcountReturn).exists():
        return PairTable(items)
    numbers = [number for number, _ in items]
    counts = _Counts(frame, numbers, within)
    boards = [board for board in frame.boards if board.path.startswith(frame.path)]
    rows = [counts.row(str(board), board.code, {board.path}) for board in boards]
    paths = {board.path for board in boards}
    rest = counts.paths - paths
    if rest and not frame.path:
        rows.append(counts.row(OTHER, OUTSIDE, rest))
    return PairTable(items, rows, counts.row("合计", "", counts.paths))


class _Counts:
    """Named records, reported people and doubled returns by board."""

    def __init__(self, frame: Frame, numbers: Sequence[int], within: Within) -> None:
        self.frame = frame
        self.named = [INDICATORS[f"double_strive.item_{number}"] for number in numbers]
        self.reported = [BESIDE[f"headcounts.item_{number}"] for number in numbers]
        asked = [Asked(found, within) for found in (*self.named, *self.reported, BESIDE[OVERLAP])]
        figures = read(asked, depth=STEP * BOARD_DEPTH, months=False)
        self._counts = {one.indicator.code: figures.by_part(one.indicator.code) for one in asked}
        self.paths = {path for counts in self._counts.values() for path, count in counts.items() if count}

    def row(self, name: str, org: str, paths: set[str]) -> PairRow:
        """Return the row of some boards."""
        pairs = [
            Pair(*self._figure(one, org, paths), *self._figure(other, org, paths))
            for one, other in zip(self.named, self.reported, strict=True)
        ]
        return PairRow(name, pairs, *self._figure(BESIDE[OVERLAP], org, paths))

    def _figure(self, found: Indicator, org: str, paths: set[str]) -> tuple[Number, str]:
        counts = self._counts.get(found.code, {})
        return sum((counts.get(path, 0) for path in paths), start=0), self.frame.link(found, org=org)

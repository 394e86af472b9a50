"""Which column of the file means which field: heads of one or two rows, synonyms, what the user said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mofu.registers.sheets.cells import text_of
from mofu.registers.sheets.columns import SheetColumn
from mofu.registers.sheets.facts import column_letters
from mofu.registers.sheets.reading import Cell, SheetRefused
from mofu.registers.sheets.texts import head_key, without_brackets

REASONS_COLUMN = "退回原因"
NUMBERING = {"序号", "编号", "no", "no.", "序", "行号"}
LONGEST = 100  # characters of a head that are looked at
LONGEST_GROUP, WIDEST_GROUP = (
    12,
    8,
)  # characters and columns of a head that groups others; longer ones are titles


class MappingRefused(SheetRefused):
    """What the user said about the columns contradicts itself."""


@dataclass(frozen=True)
class Head:
    """The head of one column: what is shown, and the keys under which it may be known, the fullest first."""

    text: str
    names: tuple[str, ...]
    group: str = ""

    @property
    def key(self) -> str:
        """What the user's answers refer to."""
        return head_key(self.text)


@dataclass
class Binding:
    """A header understood: ``heads`` by index, the columns they mean, and those the user wants left out."""

    heads: dict[int, Head]
    columns: dict[int, SheetColumn] = field(default_factory=dict)
    numbering: int | None = None
    dropped: set[int] = field(default_factory=set)
    texts: dict[int, str] = field(
        default_factory=dict
    )  # heads that were understood by less than their full text

    @property
    def told(self) -> int:
        """Number of columns that are read."""
        return sum(not column.shown for column in self.columns.values())

    @property
    def unknown(self) -> list[int]:
        """The indexes of heads that mean nothing yet."""
        known = {*self.columns, *self.dropped, self.numbering}
        return [
            index for index, head in self.heads.items() if index not in known and head.key != REASONS_COLUMN
        ]


def target(column: SheetColumn) -> str:
    """Return what stands for a column in the user's answers: the field, with its register in front for side columns."""
    return f"{column.side}.{column.name}" if column.side else column.name


class Names:
    """The names of a register's columns, worked out once for all rows that may be the header."""

    def __init__(self, columns: Sequence[SheetColumn]) -> None:
        self.columns = columns
        self.passes: list[list[tuple[SheetColumn, set[str], bool]]] = [
            [(column, {head_key(column.label)}, False) for column in columns],
            [(column, {head_key(name) for name in column.synonyms}, False) for column in columns],
            [(column, _bare(column), True) for column in columns],
        ]
        self.own_numbering = any(
            head_key(column.label) in NUMBERING and not column.shown for column in columns
        )

    def bind(self, heads: dict[int, Head], mapping: Mapping[str, str]) -> Binding:
        """Match heads with columns, each column once: as the user says, by the full text, then by the lower head."""
        binding = Binding(heads)
        self._as_told(binding, mapping)
        binding.numbering = self._numbering(binding)
        for level in (0, 1):
            free = {
                index: heads[index].names[level]
                for index in binding.unknown
                if level < len(heads[index].names)
            }
            for choices in self.passes:
                self._match(binding, free, choices, level)
        self._complete_groups(binding)
        return binding

    def _as_told(self, binding: Binding, mapping: Mapping[str, str]) -> None:
        by_target = {target(column): column for column in self.columns if not column.shown}
        for index, head in binding.heads.items():
            told = mapping.get(head.key)
            if told == "":
                binding.dropped.add(index)
            elif told in by_target:
                column = by_target[told]
                first = next((at for at, other in binding.columns.items() if other == column), None)
                if first is not None:
                    names = f"“{binding.heads[first].text}”和“{head.text}”"
                    raise MappingRefused(
                        f"{names}两列都对应到了“{column.label}”，请只保留一列，另一列选不导入。"
                    )
                binding.columns[index] = column

    def _numbering(self, binding: Binding) -> int | None:
        """Return the index of the running number; where 序号 is itself a field, only a second one makes the first it."""
        hits = [index for index in binding.unknown if binding.heads[index].names[-1] in NUMBERING]
        free = len(hits) > 1 or not self.own_numbering or self._numbers_named_otherwise(binding)
        return hits[0] if hits and free else None

    def _numbers_named_otherwise(self, binding: Binding) -> bool:
        """Whether the field called 序号 stands in the file under a name that a view has given it."""
        own = [column for column in self.columns if head_key(column.label) in NUMBERING and not column.shown]
        names = {head_key(name) for column in own for name in column.synonyms} - NUMBERING
        return any(head.names[-1] in names for head in binding.heads.values())

    def _match(
        self,
        binding: Binding,
        free: dict[int, str],
        choices: Iterable[tuple[SheetColumn, set[str], bool]],
        level: int,
    ) -> None:
        taken = {column.key for column in binding.columns.values()}
        for column, wanted, bare in choices:
            if column.key in taken:
                continue
            hit = next(
                (i for i, key in free.items() if (without_brackets(key) if bare else key) in wanted), None
            )
            if hit is not None:
                binding.columns[hit] = column
                taken.add(column.key)
                del free[hit]
                if level:
                    binding.texts[hit] = binding.heads[hit].text.rpartition(" ")[2]

    def _complete_groups(self, binding: Binding) -> None:
        """Let “荣誉 | 时间” mean 授予时间, once “荣誉 | 称号” is known to be the honour's title."""
        for index in binding.unknown:
            head = binding.heads[index]
            sides = {
                column.side
                for at, column in binding.columns.items()
                if head.group and binding.heads[at].group == head.group and at not in binding.texts
            }
            if len(sides) != 1 or len(head.names) < 2:
                continue
            side, taken = sides.pop(), {column.key for column in binding.columns.values()}
            fits = [
                column
                for column, wanted, _ in self.passes[2]
                if column.side == side and column.key not in taken and not column.shown
                and any(name.endswith(head.names[1]) for name in wanted)
            ]  # fmt: skip
            if len(fits) == 1:
                binding.columns[index] = fits[0]
                binding.texts[index] = fits[0].label


def single(cells: Sequence[Cell]) -> dict[int, Head]:
    """Return the heads of one row."""
    texts = {index: text_of(cell)[:LONGEST] for index, cell in enumerate(cells)}
    return _told_apart({index: Head(text, (head_key(text),)) for index, text in texts.items() if text})


def nameless(index: int) -> Head:
    """Return what stands for a column without a head."""
    text = f"（{column_letters(index)}列，无列名）"
    return Head(text, (head_key(text),))


def double(groups: Sequence[str], cells: Sequence[Cell]) -> dict[int, Head]:
    """Return the heads of two rows; ``groups`` is the upper row with each text spread over the columns it groups."""
    lower = [text_of(cell)[:LONGEST] for cell in cells]
    width = max(len(groups), len(lower))
    upper = [*groups, *[""] * (width - len(groups))]
    lower += [""] * (width - len(lower))
    often, spans = Counter(map(head_key, lower)), Counter(upper)
    heads = {}
    for index, (group, sub) in enumerate(zip(upper, lower, strict=True)):
        if not group or not sub:
            text = group or sub
            if text:
                heads[index] = Head(text, (head_key(text),))
            continue
        names = [head_key(group + sub)]
        if often[head_key(sub)] == 1:
            names.append(head_key(sub))
        title = len(group) > LONGEST_GROUP or spans[group] > WIDEST_GROUP
        heads[index] = Head(
            sub if title else f"{''.join(group.split())} {''.join(sub.split())}",
            tuple(names[1:] or [head_key(sub)]) if title else tuple(names),
            "" if title else group,
        )
    return _told_apart(heads)


def _told_apart(heads: dict[int, Head]) -> dict[int, Head]:
    """Give columns of the same head different keys, so that the user can say what each one means."""
    seen: Counter[str] = Counter()
    found = {}
    for index, head in heads.items():
        seen[head.key] += 1
        again = seen[head.key]
        found[index] = head if again == 1 else Head(f"{head.text}（第{again}列）", head.names, head.group)
    return found


def _bare(column: SheetColumn) -> set[str]:
    return {without_brackets(head_key(name)) for name in (column.label, *column.synonyms)} - {""}

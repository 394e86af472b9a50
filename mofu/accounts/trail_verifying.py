"""Reading the whole trail again: is every entry as it was written, and is none missing, added or moved?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import models

from mofu.accounts import trail_guard, trail_seal, triggers
from mofu.accounts.models import TrailBlock, TrailEntry
from mofu.accounts.trail_actions import Action
from mofu.accounts.trail_blocks import digest_of

_AT_ONCE = 5000  # open entries read at a time
Row = tuple  # key, seal, then the values of trail_seal.FIXED and OWN


class DamagedError(RuntimeError):
    """The trail is not as it was written; the message names the first damaged entry or block, in Chinese."""


@dataclass
class Verdict:
    """What was found to be sound: how many entries, in how many blocks, how many are not in a block yet."""

    entries: int = 0
    blocks: int = 0
    open: int = 0
    head: str = ""  # the newest digest: noted elsewhere, it shows later that nothing was cut off


def verify(head: str = "") -> Verdict:
    """Verify entries, blocks and triggers; ``head`` is a digest noted earlier. Raises DamagedError."""
    _require_guard()
    found, checker = Verdict(), _Checker()
    trimmed = last_trimmed()
    last, previous = (trimmed.last, trimmed.digest) if trimmed else (0, "")
    heads = {previous}
    if TrailEntry.objects.filter(pk__lte=last).exists():
        raise DamagedError(f"第 {last} 条及以前的留痕已归档清理，库中却还有这样的留痕：有留痕被添加。")
    for block in TrailBlock.objects.filter(first__gt=last).order_by("first").iterator():
        if block.first != last + 1:
            raise DamagedError(f"第 {last + 1}—{block.first - 1} 条留痕的封存块缺失。")
        found.entries += _verify_block(block, previous, checker)
        found.blocks += 1
        last, previous = block.last, block.digest
        heads.add(previous)
    found.head = previous
    if head and head not in heads:
        raise DamagedError("另行保存的校验值不在封存块中：最近的留痕被整块删除，或封存块被改写。")
    found.open = sum(1 for row in _rows(last) if checker.check(row))
    found.entries += found.open
    return found


def last_trimmed() -> TrailBlock | None:
    """Return the last block whose entries were archived and removed; the (sealed) entry of the trimming names it."""
    entry = TrailEntry.objects.filter(action=Action.TRIMMED).order_by("-pk").first()
    return TrailBlock.objects.filter(pk=entry.object_id).first() if entry else None


def _require_guard() -> None:
    if altered := triggers.altered(trail_guard.STATEMENTS):
        raise DamagedError(
            f"数据库中保护留痕的触发器缺失、被停用或被改动：{'、'.join(sorted(altered))}。请运行 manage.py migrate 重装，并查明原因。"
        )


def _verify_block(block: TrailBlock, previous: str, checker: _Checker) -> int:
    """Return how many entries a sound block has."""
    seals = []
    for row in _read(pk__range=(block.first, block.last)):
        checker.check(row)
        seals.append(row[:2])
    if len(seals) != block.count:
        what = "被删除" if len(seals) < block.count else "被添加"
        raise DamagedError(f"{block}中实有 {len(seals)} 条：有留痕{what}。")
    try:
        digest = digest_of(block, previous, seals, trail_seal.key_id_of(block.digest))
    except trail_seal.UnknownKeyError as missing:
        raise DamagedError(_unknown(str(block), missing)) from missing
    if digest != block.digest:
        raise DamagedError(f"{block}的校验值不符：其中的留痕被调换或替换，或封存块本身被改动。")
    return len(seals)


def _rows(after: int) -> Iterator[Row]:
    """Yield the entries that are in no block."""
    while rows := list(_read(pk__gt=after)[:_AT_ONCE]):
        yield from rows
        after = rows[-1][0]


def _read(**conditions: object) -> models.QuerySet:
    names = [*trail_seal.FIXED, *trail_seal.OWN]
    return TrailEntry.objects.filter(**conditions).order_by("pk").values_list("pk", "seal", *names)


class _Checker:
    """Checks entries one after another; those of one bulk write share what is fixed."""

    def __init__(self) -> None:
        self._fixed: tuple = ()
        self._seal: Callable[..., str] | None = None

    def check(self, row: Row) -> bool:
        """Return True; raise DamagedError for an entry that does not say what was sealed."""
        at = 2 + len(trail_seal.FIXED)
        key_id = trail_seal.key_id_of(row[1])
        fixed = (key_id, *row[2:at])
        try:
            if self._seal is None or fixed != self._fixed:
                self._seal, self._fixed = trail_seal.sealer(row[2:at], key_id or "-"), fixed
        except trail_seal.UnknownKeyError as missing:
            raise DamagedError(_unknown(f"第 {row[0]} 条留痕", missing)) from missing
        if self._seal(row[at:]) != row[1]:
            raise DamagedError(
                f"第 {row[0]} 条留痕（{row[2]:%Y-%m-%d %H:%M:%S} {row[4]}）与写入时不符，已被改动。"
            )
        return True


def _unknown(what: str, key_id: object) -> str:
    return f"{what}是用密钥“{key_id}”封存的，FIELD_KEYS 中没有它，无法核对：密钥被移除，或校验值被改动。"

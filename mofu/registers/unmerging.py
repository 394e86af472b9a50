"""Taking a merge back: everything as it was, while nothing concerned has changed since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import batched

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from mofu.accounts import trail
from mofu.accounts.models import User
from mofu.accounts.scope import under
from mofu.accounts.trail import Action, TrailedModel
from mofu.registers.bulk import BLOCK
from mofu.registers.duplicates import registers_with_rules
from mofu.registers.merge_log import RowChange, stored, unpacked
from mofu.registers.models import Merge
from mofu.registers.pages import link_to
from mofu.registers.records import Part

Key = tuple[type[models.Model], int]


@dataclass(frozen=True)
class Obstacle:
    """A record that changed after a merge; named only where the user may see it."""

    kind: str
    label: str
    url: str


class UndoError(Exception):
    """A merge cannot be taken back; the message says why, in Chinese, ``obstacles`` name the records."""

    def __init__(self, message: str, obstacles: Iterable[Obstacle] = ()) -> None:
        super().__init__(message)
        self.obstacles = list(obstacles)


def merges_seen_by(user: User) -> models.QuerySet[Merge]:
    """Return the merges ``user`` may know of: the city all, a unit those of its own staff whose winner it sees.

    Staff only merge what they see, so that a unit never reads the name of a record that was another's.
    """
    rows = Merge.objects.select_related("user", "undone_by").defer("payload")
    if user.is_city:
        return rows
    seen = Q(pk__in=())
    for register in registers_with_rules():
        seen |= Q(slug=register.slug, winner_key__in=register.rows(user).order_by().values("pk"))
    return rows.filter(seen, under(user.scope_path, "user__organization__path"))


def undo(merge: Merge, user: User) -> models.Model:
    """Restore every row that the merge touched and return the record that is back; one transaction.

    ``merge`` has to be locked by the caller. Raise UndoError when something concerned changed since, IntegrityError
    when the record that would come back was entered anew.
    """
    if merge.undone_at is not None:
        raise UndoError("这次合并已经撤销过。")
    if not merge.payload:
        raise UndoError("合并前的原值已按个人信息保存期限或本人申请删除，不能再撤销。")
    with transaction.atomic():
        changes = unpacked(merge.payload)
        changed = _changed_since(merge, changes)
        if changed:
            raise UndoError("合并之后下列记录又有变动，不能撤销。", _obstacles(changed, user))
        merge.undo_start = trail.last_entry()
        for change in sorted(
            changes, key=lambda change: change.after is None
        ):  # what was taken over is freed first
            change.undo()
        back = _record(merge, changes)
        merge.undone_at, merge.undone_by, merge.undo_mark = timezone.now(), user, trail.last_entry()
        merge.save(update_fields=["undone_at", "undone_by", "undo_start", "undo_mark"])
        return back


def _record(merge: Merge, changes: list[RowChange]) -> models.Model:
    """Note the undoing at every record concerned; return the one that is back."""
    note = f"撤销合并“{merge.loser_label}”（{merge.loser_key}）到“{merge.winner_label}”（{merge.winner_key}）"
    back: models.Model | None = None
    for model, keys in _by_model(changes).items():
        if issubclass(model, TrailedModel):
            rows = model._base_manager.in_bulk(keys)
            trail.record_many(Action.SPLIT, rows.values(), reason=note)
            back = back or (rows.get(merge.loser_key) if _is_main(model, merge) else None)
    return back


def _is_main(model: type[models.Model], merge: Merge) -> bool:
    return any(found.model is model for found in registers_with_rules(merge.slug))


def _changed_since(merge: Merge, changes: list[RowChange]) -> list[Key]:
    """Return the records that somebody changed after the merge: by the trail, and by what is stored."""
    found: dict[Key, None] = {}
    after = {(change.model, change.pk): change.after for change in changes}
    for model, keys in _by_model(changes).items():
        found |= dict.fromkeys((model, pk) for pk in _trailed_since(merge, model, keys))
        now = stored(model, keys, lock=True)
        for pk in keys:
            expected, values = after[model, pk], now.get(pk)
            if (expected is None) != (values is None) or not _holds(values, expected):
                found[model, pk] = None
    return list(found)


def _holds(values: dict | None, expected: dict | None) -> bool:
    return expected is None or values is None or all(values[name] == expected[name] for name in expected)


def _trailed_since(merge: Merge, model: type[models.Model], keys: list[int]) -> set[int]:
    """Return the keys with later entries; a part's own entries stand under its record and say nothing of the part."""
    if issubclass(model, Part) or not issubclass(model, TrailedModel):
        return set()
    undone = _taken_back_since(merge)
    found: set[int] = set()
    for block in batched(keys, BLOCK):
        entries = trail.changes_since(merge.trail_mark, model._meta.label_lower, block).exclude(undone)
        found |= {int(key) for key in entries.order_by().values_list("object_id", flat=True)}
    return found


def _taken_back_since(merge: Merge) -> Q:
    """Return the condition “an entry of a later merge, or of its undoing, that is undone”: nothing came of those."""
    found = Q(pk__in=())
    later = Merge.objects.filter(pk__gt=merge.pk, undone_at__isnull=False)
    for spans in later.values_list("trail_start", "trail_mark", "undo_start", "undo_mark"):
        found |= Q(pk__gt=spans[0], pk__lte=spans[1]) | Q(pk__gt=spans[2], pk__lte=spans[3])
    return found


def _by_model(changes: Iterable[RowChange]) -> dict[type[models.Model], list[int]]:
    found: dict[type[models.Model], list[int]] = defaultdict(list)
    for change in changes:
        found[change.model].append(change.pk)
    return found


def _obstacles(changed: list[Key], user: User) -> list[Obstacle]:
    found = []
    for model, pk in changed:
        record = model._base_manager.filter(pk=pk).first()
        shown = record.trail_subject() if isinstance(record, TrailedModel) else record
        url = link_to(shown, user) if shown is not None else ""
        found.append(Obstacle(str(model._meta.verbose_name), str(shown) if url else "", url))
    return found

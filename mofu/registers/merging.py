"""Two records that are one: every relation moves to the record that stays, and back again when that was wrong.

Which relations there are is read from the models (:mod:`mofu.registers.relations`), so that a new one moves by itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import IntegrityError, models, transaction

from mofu.accounts import trail
from mofu.accounts.models import User
from mofu.accounts.policy import Right, may
from mofu.accounts.trail import Action, TrailedModel
from mofu.registers import bulk, duplicates, own_files
from mofu.registers.merge_log import Snapshot, packed
from mofu.registers.models import DistinctPair, Merge
from mofu.registers.pages import link_to
from mofu.registers.records import Record, ReviewedRecord, ReviewState
from mofu.registers.register import Register, register_of
from mofu.registers.relations import Relation, relations_of

_STEPS = {
    ReviewState.PENDING: 1,
    ReviewState.APPROVED: 2,
}  # how far a record is in review; else it is at the start


PairKey = tuple[str, int, int]  # slug of the register, both keys, the smaller one first


class MergeError(Exception):
    """Two records cannot be merged; the message says why, in Chinese."""


@dataclass(frozen=True)
class Hanging:
    """What hangs on the two records by one relation; ``same`` rows of the loser are on the winner already."""

    title: str
    winner: int
    loser: int
    same: int


def plan(winner: models.Model, loser: models.Model, user: User) -> list[Hanging]:
    """Return what hangs on two records of one model, by kind; kinds that neither has or ``user`` may not see are left out."""
    found = []
    for relation in relations_of(type(loser)):
        if not _may_see(relation, user):
            continue
        counts = relation.counts(winner.pk, loser.pk)
        if counts:
            same = len(relation.twins(winner.pk, loser.pk)) if len(counts) == 2 else 0
            found.append(Hanging(relation.title, counts.get(winner.pk, 0), counts.get(loser.pk, 0), same))
    return found


def refusal(register: Register, winner: models.Model, loser: models.Model, user: User) -> str:
    """Return why ``loser`` may not go into ``winner``, in Chinese; empty when it may."""
    if duplicates.dismissal_of(winner, loser) is not None:
        return f"这两条记录已标记为“{register.distinct_words}”，如需合并请先撤回标记。"
    found = register.merge_refusal(winner, loser, user) or review_refusal(winner, loser, user)
    return found or _unseen_refusal(winner, loser, user)


def _unseen_refusal(winner: models.Model, loser: models.Model, user: User) -> str:
    """Return why records would become one along with these of a kind that ``user`` may not even see."""
    for relation in relations_of(type(loser)):
        if not _may_see(relation, user) and relation.twins(winner.pk, loser.pk):
            return "两条记录各有一份您无权办理的资料，请由经办该资料的人员核对后合并。"
    return ""


def _may_see(relation: Relation, user: User) -> bool:
    register = register_of(relation.model)
    return register is None or register.may_see(user)


def review_refusal(winner: models.Model, loser: models.Model, user: User) -> str:
    """Return why a record further in review may not go into one less far; only who reviews may lose a decision."""
    if not isinstance(loser, ReviewedRecord) or may(user, Right.REVIEW):
        return ""
    if _STEPS.get(loser.review_state, 0) <= _STEPS.get(winner.review_state, 0):
        return ""
    states = f"{loser.get_review_state_display()}的记录不能并入{winner.get_review_state_display()}的记录"
    return f"{states}；请保留{loser.get_review_state_display()}的一条，或联系市劳模协会办理。"


def fold_refusal(kept: models.Model, row: models.Model, user: User) -> str:
    """Return why ``row`` may not go into ``kept`` along with what they hang on, in the words of their register."""
    register = compared_register(type(kept))
    if register is None:
        own = register_of(type(kept))
        return review_refusal(kept, row, user) or (own.fold_refusal(kept, row) if own else "")
    return refusal(register, kept, row, user) or register.fold_refusal(kept, row)


def compared_register(model: type[models.Model]) -> Register | None:
    """Return the register whose staff say which of its records are one, None where equal rows simply are."""
    return next((found for found in duplicates.registers_with_rules() if found.model is model), None)


def pair_key(register: Register, one: models.Model, other: models.Model) -> PairKey:
    """Return what two records are called where staff say that they are one."""
    return (register.slug, *duplicates.pair_of(one.pk, other.pk))


def named(relation: Relation, row: models.Model, user: User) -> str:
    """Return what a refusal calls a row: by its label only where the user may see it."""
    return f"{relation.title}“{row}”" if link_to(row, user) else f"一条{relation.title}"


def fold_words(relation: Relation, row: models.Model, user: User, why: str) -> str:
    """Say that a row of the loser cannot go into the winner's, and why."""
    return f"两边都有{named(relation, row, user)}，须一并合并，但不能：{why}"


def merge(
    *,
    winner: models.Model,
    loser: models.Model,
    taken: Collection[str],
    reason: str,
    user: User,
    agreed: Collection[PairKey] = (),
) -> Merge:
    """Let ``loser`` go into ``winner``, whose fields ``taken`` get the loser's values; one transaction.

    ``agreed`` are the pairs of people and the like that staff said are one and that have to be merged along. Both have to be locked by the caller. Raise MergeError when that may not be, ValidationError when the values taken
    do not fit together, IntegrityError when they are another record's.
    """
    register = register_of(type(winner))
    why = refusal(register, winner, loser, user)
    if why:
        raise MergeError(why)
    with transaction.atomic():
        return _Merging(register, winner, loser, reason.strip(), user, frozenset(agreed)).run(taken)


@dataclass
class _Merging:
    """One merge while it is going on."""

    register: Register
    winner: models.Model
    loser: models.Model
    reason: str
    user: User
    agreed: frozenset[PairKey]
    snapshot: Snapshot = field(default_factory=Snapshot)
    moved: int = 0
    folded: int = 0
    start: int = field(default_factory=trail.last_entry)
    note: str = ""  # what the trail says at every record concerned

    def run(self, taken: Collection[str]) -> Merge:
        """Do it and note what was done."""
        winner, loser = self.winner, self.loser
        self.snapshot.watch(type(winner)._base_manager.filter(pk__in=(winner.pk, loser.pk)))
        for rows in self.register.merge_follows(winner, loser):
            self.snapshot.watch(rows)
        key, label, old_label = loser.pk, str(loser), str(winner)
        values = {name: getattr(loser, loser._meta.get_field(name).attname) for name in taken}
        self.note = f"合并“{label}”（{key}）到“{old_label}”（{winner.pk}）：{self.reason}"
        self._fold(winner, loser)
        self._complete(values)
        loser.pk = key
        trail.record(Action.MERGED, loser, reason=self.note)
        trail.record(Action.MERGED, winner, reason=self.note)
        return self._kept(key, label, old_label)

    def _kept(self, key: int, label: str, old_label: str) -> Merge:
        return Merge.objects.create(
            slug=self.register.slug,
            winner_key=self.winner.pk,
            winner_label=old_label[:200],
            loser_key=key,
            loser_label=label[:200],
            reason=self.reason[:300],
            user=self.user,
            moved=self.moved,
            folded=self.folded,
            payload=packed(self.snapshot),
            trail_start=self.start,
            trail_mark=trail.last_entry(),
        )

    def _complete(self, values: dict[str, object]) -> None:
        """Give the winner the values taken over; what a unit changes in an approved record is handed in again."""
        winner = type(self.winner)._base_manager.select_for_update().get(pk=self.winner.pk)
        for name, value in values.items():
            setattr(winner, winner._meta.get_field(name).attname, value)
        if values:
            winner.clean()
            if isinstance(winner, ReviewedRecord) and not may(self.user, Right.REVIEW):
                winner.stamp(self.user)
        winner.save()

    def _fold(self, winner: models.Model, loser: models.Model) -> None:
        """Move all that hangs on ``loser`` to ``winner``, then delete it; its relations are empty by then."""
        for relation in relations_of(type(loser)):
            self._carry(relation, winner, loser)
        self._carry_distinct_pairs(winner, loser)
        self.snapshot.note_fold(winner, loser)
        with own_files.kept():  # the merge may be taken back
            loser.delete()

    def _carry(self, relation: Relation, winner: models.Model, loser: models.Model) -> None:
        self.snapshot.watch(relation.rows(loser.pk))
        found = relation.rows(loser.pk).select_for_update(of=("self",))
        named = _named(relation)
        rows = list((found.select_related(*named) if named else found).order_by("pk"))
        twins = relation.twins(winner.pk, loser.pk) if rows else {}
        moving = [row for row in rows if row.pk not in twins]
        for row in rows:
            if row.pk in twins:
                self._fold_twin(relation, row, twins[row.pk])
        self._move(relation, moving, winner)
        self.moved += len(moving)

    def _fold_twin(self, relation: Relation, row: models.Model, key: int) -> None:
        """Let a row go into the one of ``key`` that the winner has already, unless the two were said to be two."""
        found = relation.model._base_manager.filter(pk=key)
        self.snapshot.watch(found)
        kept = found.select_for_update().get()
        why = fold_refusal(kept, row, self.user) or self._not_agreed(kept, row)
        if why:
            raise MergeError(fold_words(relation, row, self.user, why))
        self._fold(kept, row)
        self.folded += 1

    def _not_agreed(self, kept: models.Model, row: models.Model) -> str:
        """Return why two rows may not be taken for one: nobody has said so."""
        register = compared_register(type(kept))
        if register is None or pair_key(register, kept, row) in self.agreed:
            return ""
        return "还没有确认是否相同，请在合并页面逐对选择。"

    def _move(self, relation: Relation, rows: list[models.Model], winner: models.Model) -> None:
        """Let rows name the winner: as a form would where saving does more, else in a few statements."""
        if issubclass(relation.model, TrailedModel) and not bulk.suits(relation.model):
            for row in rows:
                self._move_alone(relation, row, winner)
            return
        before = [bulk.values_of(row) for row in rows]
        for row in rows:
            relation.put(row, winner)
        bulk.write(list(zip(rows, before, strict=True)))
        if issubclass(relation.model, TrailedModel):
            trail.record_saves(zip(rows, before, strict=True), reason=self.note)

    def _move_alone(self, relation: Relation, row: models.Model, winner: models.Model) -> None:
        words = named(relation, row, self.user)
        relation.put(row, winner)
        try:
            if isinstance(row, Record):
                row.take_turn()
        except IntegrityError as error:  # the model's own words: the database was not asked to write
            raise MergeError(f"{words}不能转到保留的记录：{error}") from error
        row.save()

    def _carry_distinct_pairs(self, winner: models.Model, loser: models.Model) -> None:
        """Who is not the loser is not the winner either."""
        label = loser._meta.label_lower
        named = models.Q(first=loser.pk) | models.Q(second=loser.pk)
        rows = DistinctPair.objects.filter(named, model=label)
        self.snapshot.watch(rows)
        for row in rows:
            other = row.first if row.second == loser.pk else row.second
            pair = duplicates.pair_of(winner.pk, other)
            known = DistinctPair.objects.filter(model=label, first=pair[0], second=pair[1]).exists()
            if other == winner.pk or known:
                row.delete()
            else:
                row.first, row.second = pair
                row.save()


def _named(relation: Relation) -> list[str]:
    """Return the foreign keys whose records give a row its name on the trail."""
    keys = [found for found in relation.model._meta.concrete_fields if found.is_relation]
    return [key.name for key in keys if key is not relation.field and key.related_model is not User]

"""What a merge brings with it, told before it is done: records that become one along with it, spans that forbid it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import models

from mofu.accounts.models import User
from mofu.registers import merging
from mofu.registers.merging import PairKey, pair_key
from mofu.registers.pages import link_to
from mofu.registers.register import Register, register_of
from mofu.registers.relations import Relation, relations_of
from mofu.registers.spans import Spanned


@dataclass(frozen=True)
class Along:
    """Two records that become one because what they hang on is merged; ``why`` says why they may not, empty where they may.

    ``labels``, ``urls`` and ``facts`` are those of the one that stays and the one that goes, empty for who may not see them.
    """

    register: Register
    kept: models.Model
    row: models.Model
    why: str
    labels: list[str]
    urls: list[str]
    facts: list[list[tuple[str, str]]]

    @property
    def key(self) -> PairKey:
        """What the user's choice refers to."""
        return pair_key(self.register, self.kept, self.row)

    @property
    def same_words(self) -> str:
        """What is said of two records that are one (同一人)."""
        return self.register.distinct_words.removeprefix("不是")

    @property
    def field(self) -> str:
        """The name of the choice in a page."""
        return "along-{}-{}-{}".format(*self.key)


@dataclass
class Foreseen:
    """The pairs merged along, and in words the spans and equal rows that forbid the merge."""

    pairs: list[Along] = field(default_factory=list)
    clashes: list[str] = field(default_factory=list)

    @property
    def obstacles(self) -> list[str]:
        """Why the merge cannot be done as it stands."""
        return [*self.clashes, *(f"{pair.labels[0]}：{pair.why}" for pair in self.pairs if pair.why)]


def foresee(winner: models.Model, loser: models.Model, user: User) -> Foreseen:
    """Return what merging ``loser`` into ``winner`` brings along; nothing is written."""
    found, waiting = Foreseen(), [(winner, loser)]
    while waiting:
        kept, row = waiting.pop(0)
        for relation in relations_of(type(row)):
            found.clashes += [*_clashes(relation, kept, row, user), *_stuck(relation, kept, row, user)]
            pairs = list(_pairs(relation, kept, row, user))
            found.pairs += pairs
            waiting += [(pair.kept, pair.row) for pair in pairs]
    return found


def _pairs(relation: Relation, kept: models.Model, row: models.Model, user: User) -> Iterator[Along]:
    """Yield the records of a relation that cannot both hang on ``kept``, of registers that compare their records."""
    register = merging.compared_register(relation.model)
    if register is None:
        return
    twins = relation.twins(kept.pk, row.pk)
    needs = sorted({need for column in register.duplicate_shown for need in column.needs})
    rows = register.model._base_manager.select_related(*needs) if needs else register.model._base_manager
    records = rows.in_bulk([*twins, *twins.values()]) if twins else {}
    for gone, stays in twins.items():
        yield _along(register, records[stays], records[gone], user)


def _along(register: Register, kept: models.Model, row: models.Model, user: User) -> Along:
    both = (kept, row)
    urls = [link_to(record, user) for record in both]
    labels = [str(record) if url else f"一条{register.title}" for record, url in zip(both, urls, strict=True)]
    facts = [
        [(column.label, column.text(record)) for column in register.seen_by(user, register.duplicate_shown)]
        if url
        else []
        for record, url in zip(both, urls, strict=True)
    ]
    return Along(register, kept, row, merging.fold_refusal(kept, row, user), labels, urls, facts)


def _stuck(relation: Relation, kept: models.Model, row: models.Model, user: User) -> Iterator[str]:
    """Yield why equal rows cannot go into each other, of registers that do not compare their records."""
    register = register_of(relation.model)
    if register is None or merging.compared_register(relation.model) or not relation.rows(row.pk).exists():
        return
    twins = relation.twins(kept.pk, row.pk)
    records = relation.model._base_manager.in_bulk([*twins, *twins.values()]) if twins else {}
    for gone, stays in twins.items():
        why = merging.fold_refusal(records[stays], records[gone], user)
        if why:
            yield merging.fold_words(relation, records[gone], user, why)


def _clashes(relation: Relation, kept: models.Model, row: models.Model, user: User) -> Iterator[str]:
    """Yield why rows cannot move to ``kept``: they would share time with what is there."""
    if not issubclass(relation.model, Spanned):
        return
    rows = list(relation.rows(row.pk))
    twins = relation.twins(kept.pk, row.pk) if rows else {}
    for record in rows:
        if record.pk not in twins:
            named = merging.named(relation, record, user)
            relation.put(record, kept)
            if record.rival() is not None:
                yield f"{named}不能转到保留的记录：{record.span_words}"

"""What hangs on a record: every relation that the models declare, found in their metadata and nowhere listed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Count, Q

from mofu.registers.records import Part
from mofu.registers.summaries import Summary

Unique = tuple[
    tuple[str, ...], Q | None
]  # the fields of a unique constraint besides the link, and its condition


@dataclass(frozen=True)
class Relation:
    """The rows of ``model`` that name a record of ``target`` in ``field`` (a foreign key, or the key of a generic one).

    Many-to-many relations appear as the foreign keys of their tables, automatic ones included.
    """

    target: type[models.Model]
    model: type[models.Model]
    field: models.Field
    type_field: str = ""  # generic: the foreign key to the content type

    @property
    def title(self) -> str:
        """What hangs there, in Chinese; the field is named where the model has several to the same target."""
        name = str(self.model._meta.verbose_name)
        if issubclass(self.model, Part):
            owner = self.model._meta.get_field(self.model.owner_field()).related_model
            name = f"{owner._meta.verbose_name}·{name}"
        twins = [found for found in relations_of(self.target) if found.model is self.model]
        return f"{name}（{self.field.verbose_name}）" if len(twins) > 1 else name

    def rows(self, *keys: int) -> models.QuerySet:
        """Return the rows that name one of the records ``keys``, whoever's they are."""
        found = self.model._base_manager.filter(**{f"{self.field.attname}__in": keys})
        if self.type_field:
            kind = ContentType.objects.get_for_model(self.target)
            found = found.filter(**{self.type_field: kind})
        return found

    def counts(self, *keys: int) -> dict[int, int]:
        """Return how many rows hang on each of the records ``keys``."""
        name = self.field.attname
        rows = self.rows(*keys).order_by().values_list(name)
        return dict(rows.annotate(n=Count("pk")).values_list(name, "n"))

    def twins(self, winner: int, loser: int) -> dict[int, int]:
        """Return loser's row → winner's row where a unique constraint lets only one of the two hang on the winner."""
        found: dict[int, int] = {}
        for names, condition in self._unique_sets():
            kept = self._keyed(winner, names, condition)
            for key, pk in self._keyed(loser, names, condition).items():
                if key in kept:
                    found.setdefault(pk, kept[key])
        return found

    def put(self, row: models.Model, record: models.Model) -> None:
        """Let a row name ``record`` (in memory)."""
        if self.type_field:
            setattr(row, self.field.attname, record.pk)
        else:
            setattr(row, self.field.name, record)

    def _keyed(self, key: int, names: tuple[str, ...], condition: Q | None) -> dict[tuple[Any, ...], int]:
        rows = self.rows(key).filter(condition) if condition else self.rows(key)
        keyed = {tuple(values): pk for pk, *values in rows.values_list("pk", *names)}
        return {values: pk for values, pk in keyed.items() if None not in values}  # NULL equals nothing

    def _unique_sets(self) -> Iterator[Unique]:
        options, name = self.model._meta, self.field.name
        if self.field.unique:
            yield (), None
        for names in options.unique_together:
            if name in names:
                yield tuple(other for other in names if other != name), None
        for constraint in options.constraints:
            if isinstance(constraint, models.UniqueConstraint) and name in constraint.fields:
                yield tuple(other for other in constraint.fields if other != name), constraint.condition


@cache
def relations_of(target: type[models.Model]) -> tuple[Relation, ...]:
    """Return every relation that can lead from a row to a record of ``target``, by model and field."""
    found = [
        Relation(target, rel.related_model, rel.field)
        for rel in target._meta.get_fields(include_hidden=True)
        if rel.auto_created
        and not rel.concrete
        and (rel.one_to_many or rel.one_to_one)
        and not issubclass(rel.related_model, Summary)
    ]
    for model in apps.get_models(include_auto_created=True):
        for link in model._meta.private_fields:
            if isinstance(link, GenericForeignKey):
                field = model._meta.get_field(link.fk_field)
                found.append(Relation(target, model, field, link.ct_field))
    return tuple(sorted(found, key=lambda relation: (relation.model._meta.label, relation.field.name)))

"""Storing many records at once with the derived columns that ``save()`` fills, and with their trail."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models

from actions.models import Mentorship, Target
from actions.models.titled import Titled
from models_app.models.person import Person
from mofu.accounts import trail
from mofu.accounts.pinyin import search_key, sort_key
from mofu.encryption import blind_index
from mofu.registers import id_numbers
from mofu.registers.partial_dates import PartialDate
from mofu.registers.records import Record

BATCH = 500


def store[M: models.Model](records: Sequence[M]) -> list[M]:
    """Insert records of one model with their derived columns and one trail entry each; return them with keys.

    Parts (participants, notes …) leave no entries of their own: they come into being with their record.
    """
    if not records:
        return []
    for record in records:
        derive(record)
    made = type(records[0])._base_manager.bulk_create(records, batch_size=BATCH)
    if isinstance(made[0], Record):
        trail.record_many(trail.Action.CREATED, made, reason="载入演示数据")
    return made


def derive(record: models.Model) -> None:
    """Fill the columns that follow from others, as the model's ``save()`` does (a test holds both together)."""
    if isinstance(record, Person):
        _derive_person(record)
    elif isinstance(record, Titled):
        _derive_titled(record)
    elif isinstance(record, Mentorship):
        record.search = search_key(record.apprentice_name, extra=record.agreement_no)
    elif isinstance(record, Target):
        record.search = f"{record.indicator}|{record.source}"[:400].lower()


def _derive_person(person: Person) -> None:
    person.search, person.name_key = search_key(person.name), sort_key(person.name)
    person.id_number_hash = blind_index(person.id_number)
    person.id_number_tail, person.phone_tail = person.id_number[-4:], person.phone[-4:]
    born = id_numbers.birth_date(person.id_number) if person.id_number else None
    if born:
        person.birth_date = person.birth_date or PartialDate(born.isoformat())
        person.sex = person.sex or id_numbers.sex(person.id_number)


def _derive_titled(record: Titled) -> None:
    title = str(record)
    extra = "|".join(str(getattr(record, name)) for name in record.search_extra)
    record.name_key, record.search = sort_key(title), search_key(title, extra=extra)

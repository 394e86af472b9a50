"""Summaries: counts that the database itself keeps in the transaction of the records they count.

A model below :class:`Summary` holds no record of its own: triggers write it (installed after every ``migrate``), no form,
import, merge or trail does. ``manage.py check_summaries`` compares it with the records and can put it right.
"""

from __future__ import annotations

from django.db import models

from mofu.accounts.scope import ScopedModel


class Summary(ScopedModel):
    """A row of counts. Its keys are bare: what they name may go before the count is noted down."""

    class Meta:
        abstract = True


def key_to(model: type[models.Model] | str, title: str) -> models.ForeignKey:
    """Return the key of a summary: no constraint, no index and no reverse name of its own."""
    return models.ForeignKey(
        model, models.DO_NOTHING, verbose_name=title, related_name="+", db_constraint=False, db_index=False
    )

"""Writes texts into every text column of every model, past all forms, as an earlier release or an import might have."""

from __future__ import annotations

from django.apps import apps
from django.db import models

from mofu.accounts import trail
from mofu.accounts.models import Organization, TrailEntry
from mofu.registers.models import DistinctPair, Job, Merge, SavedView
from mofu.registers.partial_dates import PartialDateField

OURS = ("accounts", "entrance", "registers", "models_app", "actions")
# Columns that hold no text of anybody's: keys, codes of the program, what it reads as dates, numbers or JSON.
CODES = {
    "accounts.User": {"username", "password", "email"},
    "accounts.Organization": {"path", "code"},
    "actions.Campaign": {"code"},
    "actions.Measure": {"code"},
    "actions.Target": {"indicator"},
    "actions.Task": {"indicator"},
    "actions.ReportDraft": {"kind", "subject", "span"},
    "actions.FrozenReport": {"kind", "subject", "span"},
    "actions.FrozenFile": {"suffix", "sha256"},
    "actions.ReportEdit": {"key"},
    "models_app.HonourTitle": {"code"},
    "registers.Attachment": {"media_type", "sha256"},
    "registers.DistinctPair": {"model"},
    "registers.ImportBatch": {"slug", "sha256"},
    "registers.ListPreference": {"slug"},
    "registers.Job": {"kind", "url"},
    "registers.Merge": {"slug"},
    "registers.SavedView": {"slug", "query", "sort"},
    "entrance.SignInBrake": {"key"},
}
HIDDEN = ("_hash",)  # ends of names of columns that are made of sealed ones
ROWS = 260  # of each model


def text_columns(model):
    """Return the columns of a model that hold text somebody may have written."""
    codes = CODES.get(model._meta.label, set())
    return [
        field for field in model._meta.concrete_fields
        if isinstance(field, (models.CharField, models.TextField)) and not field.choices
        and not isinstance(field, (PartialDateField, models.JSONField, models.FileField))
        and field.name not in codes and not field.name.endswith(HIDDEN)
    ]  # fmt: skip


def planted_models():
    """Return every model with such columns; the trail refuses to be changed and is written to instead."""
    found = [
        model for model in apps.get_models() if model._meta.app_label in OURS and model is not TrailEntry
    ]
    return [model for model in found if model._meta.managed and text_columns(model)]


def plant(texts, *, offset=0):
    """Put ``texts`` into every text column, another one in each row; return the pairs of column and text planted."""
    done = set()
    for model in planted_models():
        columns = text_columns(model)
        alone = {name for key in unique_keys(model) for name in key}
        rows = list(model._base_manager.order_by("-pk")[:ROWS])
        for at, row in enumerate(rows):
            for number, field in enumerate(columns):
                text = texts[(at + offset + 37 * number) % len(texts)]
                mark = f"#{row.pk}" if field.name in alone else ""
                most = field.max_length if isinstance(field, models.CharField) else None
                setattr(row, field.name, (text if most is None else text[: most - len(mark)]) + mark)
                done.add((f"{model._meta.label}.{field.name}", text))
        if rows:
            model._base_manager.bulk_update(rows, [field.name for field in columns], batch_size=100)
    return done


def unique_keys(model):
    yield from (
        [field.name] for field in model._meta.concrete_fields if field.unique and not field.primary_key
    )
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            yield constraint.fields or [field.name for field in model._meta.concrete_fields]


def plant_trail(texts, record, actor):
    """Leave an entry for each text, with the text wherever an entry holds one."""
    for text in texts:
        trail.record(trail.Action.CHANGED, record, reason=text[:300], changes={text[:80]: [text, text]})


def plant_leftovers(texts, owner):
    """Rows that no demo has: saved views, jobs, merges, pairs that are two."""
    root = Organization.everything.get(parent=None)
    for number, text in enumerate(texts):
        SavedView.objects.create(
            slug="laureates", owner=owner, shared_with=root, name=f"{text[:30]}~{number}", title=text[:80],
            columns=[["name", text], ["org", f"{text}2"]],
        )  # fmt: skip
        Job.objects.create(kind="export", title=text[:200], owner=owner, state="failed", message=text[:500])
    one, other = sorted((root.pk, Organization.everything.exclude(pk=root.pk).first().pk))
    Merge.objects.create(
        slug="organizations", winner_key=one, loser_key=other, winner_label=texts[0], loser_label=texts[1],
        reason=texts[2], user=owner, payload=b"",
    )  # fmt: skip
    DistinctPair.objects.create(
        model="accounts.organization", first=one, second=other, reason=texts[3], user=owner
    )

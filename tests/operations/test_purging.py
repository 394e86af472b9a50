"""Purging copies of personal data past their term: shown first, logged, nothing younger goes."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from mofu.accounts.models import TrailEntry
from mofu.encryption import seal
from mofu.registers.models import FileRole, ImportBatch, ImportFile, Job, JobResult, Merge


def old(row, **days):
    """Set times of a row so many days back."""
    now = timezone.now()
    type(row).objects.filter(pk=row.pk).update(**{name: now - timedelta(days=n) for name, n in days.items()})
    return row


@pytest.fixture
def copies(cast):
    for days in (6, 8, 100, 400):
        waiting = ImportBatch.objects.create(
            slug="laureates", file_name="a", sha256="", size=1, state="preview"
        )
        ImportFile.objects.create(
            batch=old(waiting, created_at=days), role=FileRole.SOURCE, content=seal(b"x")
        )
        done = ImportBatch.objects.create(slug="laureates", file_name="b", sha256="", size=1, state="done")
        old(done, created_at=days, committed_at=days)
        for role in (FileRole.REFUSED, FileRole.UNDO):
            ImportFile.objects.create(batch=done, role=role, content=seal(b"x"))
        job = old(Job.objects.create(kind="export", title="t", owner=cast.city), created_at=days)
        JobResult.objects.create(job=job, content=seal(b"x"))
        merge = Merge.objects.create(slug="laureates", winner_key=1, loser_key=2, payload=seal(b"x"))
        old(merge, at=days)
        expires = timezone.now() + timedelta(days=7 - days)
        Session.objects.create(session_key=f"s{days}", session_data="", expire_date=expires)
        UserSession.objects.create(user=cast.city, session_key=f"s{days}", ip="::1", user_agent="")


def left():
    return {
        "waiting": ImportFile.objects.filter(role=FileRole.SOURCE).count(),
        "refused": ImportFile.objects.filter(role=FileRole.REFUSED).count(),
        "undo": ImportFile.objects.filter(role=FileRole.UNDO).count(),
        "results": JobResult.objects.count(),
        "merges": Merge.objects.exclude(payload=b"").count(),
        "sessions": Session.objects.count(),
    }


ALL = dict.fromkeys(("waiting", "refused", "undo", "results", "merges", "sessions"), 4)


def test_nothing_goes_until_it_is_confirmed(copies):
    out = StringIO()
    call_command("purge", stdout=out)
    assert "撤销导入所需的原值：2" in out.getvalue()
    assert "没有改动" in out.getvalue()
    assert left() == ALL


def test_what_is_past_its_term_goes_and_is_logged(copies):
    call_command("purge", "--yes", stdout=StringIO())
    assert left() == {"waiting": 1, "refused": 1, "undo": 2, "results": 1, "merges": 3, "sessions": 1}
    assert ImportBatch.objects.filter(state="cancelled").count() == 3
    entry = TrailEntry.objects.get(actor_name="purge")
    assert "合并前的原值 1" in entry.reason
    call_command("purge", "--yes", stdout=StringIO())
    assert UserSession.objects.count() == 1


def test_terms_are_settings(copies, settings):
    settings.RETENTION_DAYS = {
        "uploads": 500,
        "imports": 500,
        "results": 500,
        "merges": 500,
        "withdrawn": 500,
    }
    call_command("purge", "--yes", stdout=StringIO())
    assert left() == ALL | {"sessions": 1}

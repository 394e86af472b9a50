"""Nobody forgets the row rule: every model is scoped or listed, and open doors stay where they are listed.

That scoped models refuse open queries: tests/access/test_unscoped.py.
"""

from __future__ import annotations

import ast
from pathlib import Path

from django.apps import apps
from django.conf import settings

from mofu.accounts.scope import ScopedModel

SCOPED = [model for model in apps.get_models() if issubclass(model, ScopedModel)]
OURS = ("accounts", "entrance", "registers", "models_app", "actions")
UNSCOPED = {
    "accounts.Industry": "dictionary",
    "accounts.IndustryChain": "dictionary",
    "accounts.User": "kept by administrators of the unit and those above: tests/entrance/test_accounts.py",
    "accounts.TrailBlock": "digests of the trail, no content",
    "accounts.TrailEntry": "seen by auditors only, through its own page",
    "entrance.SignInBrake": "counts of tries to sign in, shown to nobody",
    "registers.ListPreference": "each user's own",
    "registers.SavedView": "each user's own or shared with their unit: tests/registers/test_saved_views.py",
    "registers.ImportBatch": "each user's own",
    "registers.ImportFile": "part of an import, which is each user's own",
    "registers.JobResult": "part of a job, which is each owner's own",
    "registers.Job": "each owner's own: tests/registers/test_jobs.py",
    "registers.DistinctPair": "seen where both its records are: tests/registers/test_duplicates.py",
    "registers.Merge": "seen with the record that stayed: tests/registers/test_merge_pages.py",
    "registers.Attachment": "found through its record, which is scoped",
    "models_app.HonourTitle": "dictionary",
    "actions.Campaign": "dictionary",
    "actions.Measure": "dictionary",
    "actions.ServiceType": "dictionary",
    "actions.TenOneItem": "dictionary",
    "actions.ProgrammeSettings": "one row of settings",
    "actions.PaperSettings": "one row of settings",
    "actions.ReportEdit": "part of a report draft, which is scoped",
    "actions.FrozenFile": "part of a frozen report, which is scoped",
    "actions.Participation": "part of an event",
    "actions.AssistanceLaureate": "part of an assistance",
    "actions.StudioMember": "part of a studio",
    "actions.StudioOutcome": "part of a studio",
    "actions.MentorshipNote": "part of a mentorship",
    "actions.TaskStep": "part of a task",
    "actions.TaskNote": "part of a task",
}
OPEN_DOORS = {"everything", "_base_manager", "_default_manager"}
MAY_OPEN = {
    "mofu/accounts/": "the rule itself, the tree and the trail",
    "mofu/operations/rotation.py": "writes every row's secrets anew, shows none",
    "mofu/operations/erasures.py": "asks of a whole database who was erased, before and after it is replaced",
    "mofu/operations/blind_indexes.py": "writes every row's hash anew, shows none",
    "models_app/erasing.py": "a person already in scope, and the rows that say they are the same person",
    "mofu/registers/own_files.py": "which files rows still name, whoever's they are; it reads the names alone",
    "mofu/registers/tables.py": "reads rows by keys that came out of a scoped query",
    "mofu/registers/pages.py": "parts of a record already in scope",
    "mofu/registers/records.py": "search by the name of a unit only narrows",
    "mofu/registers/saving.py": "which parts of a record already in scope are still there",
    "mofu/registers/bulk.py": "writes records that came out of a scoped check",
    "mofu/registers/spans.py": "rivals of a record, whoever's they are; the refusal names none",
    "mofu/registers/sheets/constraints.py": "the database's constraints know no scope; messages name no record",
    "mofu/registers/sheets/writing.py": "locks records that came out of a scoped check",
    "mofu/registers/sheets/undoing.py": "takes back what the user's own import wrote",
    "mofu/registers/relations.py": "what hangs on a record already in scope moves with it, whoever's it is",
    "mofu/registers/merging.py": "what hangs on two records already in scope, whoever's it is",
    "mofu/registers/merge_pairs.py": "what a merge brings along, named only where the user sees it",
    "mofu/registers/merge_log.py": "rows that a merge touched, read and restored by their keys",
    "mofu/registers/unmerging.py": "rows that a merge touched, named only where the user sees them",
    "mofu/registers/organizations.py": "paths below two units already in scope",
    "mofu/registers/admin_base.py": "the administrator repairs everything, on the trail",
    "models_app/models/": "rules among a record's own relations",
    "models_app/timeline.py": "a person's own file, links checked one by one",
    "actions/models/": "rules among a record's own relations",
    "actions/timeline.py": "a person's own file, links checked one by one",
    "actions/reference.py": "loads reference data",
    "actions/demo/": "invents data",
    "actions/management/": "commands of the administrator",
}


def test_every_domain_model_is_scoped_or_listed_with_a_reason():
    ours = {
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in OURS and not model._meta.auto_created
    }
    scoped = {model._meta.label for model in SCOPED}
    assert ours - scoped == set(UNSCOPED)


def _open_doors():
    for package in ("mofu", "models_app", "actions"):
        for path in Path(settings.BASE_DIR, package).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            names = {
                node.attr
                for node in ast.walk(ast.parse(path.read_text("utf-8")))
                if isinstance(node, ast.Attribute)
            }
            if names & OPEN_DOORS:
                yield path.relative_to(settings.BASE_DIR).as_posix()


def test_open_managers_are_used_only_where_listed():
    found = {path for path in _open_doors() if not any(path.startswith(start) for start in MAY_OPEN)}
    assert found == set()


def test_no_exemption_is_stale():
    opened = list(_open_doors())
    stale = {start for start in MAY_OPEN if not any(path.startswith(start) for path in opened)}
    assert stale == set()

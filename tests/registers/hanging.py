"""One row for every relation that can lead to a record that may be merged."""

from __future__ import annotations

from datetime import date

from django.contrib.contenttypes.models import ContentType

from actions.models import StudioMember
from mofu.accounts.models import OrganizationKind, Role
from mofu.registers.models import Attachment, SavedView
from tests import makers

ENTERPRISE, UNION = OrganizationKind.ENTERPRISE, OrganizationKind.INDUSTRY_UNION


def attach(record, **values):
    kind = ContentType.objects.get_for_model(record)
    row = Attachment(content_type=kind, object_id=record.pk, file="attachments/a.pdf", name="证明.pdf",
                     media_type="application/pdf", size=1, sha256="0" * 64, **values)  # fmt: skip
    row.save()
    return row


def place(**values):
    row = StudioMember(studio=makers.make_studio(), **values)
    row.save()
    return row


# <target>: <model.field> → a function that makes one row hanging on a record
HANGING = {
    "laureates": {
        "actions.AssistanceLaureate.laureate": lambda one: makers.make_assistance(laureates=[one]),
        "actions.Craftsman.laureate": lambda one: makers.make_craftsman(laureate=one),
        "actions.Membership.laureate": lambda one: makers.make_membership(laureate=one),
        "actions.Mentorship.master": lambda one: makers.make_mentorship(master=one),
        "actions.Participation.laureate": lambda one: makers.make_event(laureates=[one]),
        "actions.Studio.leader": lambda one: makers.make_studio(leader=one),
        "actions.StudioMember.laureate": lambda one: place(laureate=one),
        "actions.TenOne.led_by": lambda one: makers.make_ten_one(led_by=one, lead_kind="class"),
        "actions.Worker.laureate": lambda one: makers.make_worker(laureate=one),
        "models_app.ActivityRecord.laureate": lambda one: makers.make_activity_record(laureate=one),
        "models_app.CareFile.laureate": lambda one: makers.make_care_file(laureate=one, agreed=False),
        "models_app.Consent.laureate": lambda one: makers.make_consent(laureate=one),
        "models_app.Honour.laureate": lambda one: makers.make_honour(laureate=one),
        "models_app.StatusChange.laureate": lambda one: makers.make_status_change(laureate=one),
        "registers.Attachment.object_id": attach,
    },
    "workers": {
        "actions.Craftsman.worker": lambda one: makers.make_craftsman(worker=one),
        "actions.Mentorship.apprentice": lambda one: makers.make_mentorship(apprentice=one),
        "actions.StudioMember.worker": lambda one: place(worker=one),
        "actions.TenOne.worker": lambda one: makers.make_ten_one(worker=one),
        "registers.Attachment.object_id": attach,
    },
    "organizations": {
        "accounts.Organization.parent": lambda one: makers.make_org(parent=one, kind=ENTERPRISE),
        "accounts.User.organization": lambda one: makers.make_user(Role.COUNTY, one),
        "actions.Academy.org": lambda one: makers.make_academy(org=one),
        "actions.Assistance.enterprise": lambda one: makers.make_assistance(enterprise=one),
        "actions.Assistance.org": lambda one: makers.make_assistance(org=one, enterprise=makers.make_org()),
        "actions.Craftsman.org": lambda one: makers.make_craftsman(org=one),
        "actions.FrozenReport.org": lambda one: makers.make_frozen_report(org=one),
        "actions.ReportDraft.org": lambda one: makers.make_report_draft(org=one),
        "actions.HeadcountReturn.org": lambda one: makers.make_headcount(org=one),
        "actions.Event.host_org": lambda one: makers.make_event(host_org=one),
        "actions.Event.org": lambda one: makers.make_event(org=one),
        "actions.Event.visited_org": lambda one: makers.make_event(visited_org=one),
        "actions.Studio.org": lambda one: makers.make_studio(org=one, leader=makers.make_laureate()),
        "actions.Target.org": lambda one: makers.make_target(org=one),
        "actions.Task.org": lambda one: makers.make_task(org=one),
        "actions.Team.org": lambda one: makers.make_team(org=one),
        "actions.TenOne.org": lambda one: makers.make_ten_one(worker=makers.make_worker(), org_id=one.pk),
        "actions.Worker.org": lambda one: makers.make_worker(org=one),
        "models_app.GroupHonour.org": lambda one: makers.make_group_honour(org=one),
        "models_app.Laureate.industry_union": lambda one: makers.make_laureate(industry_union=one),
        "models_app.Laureate.org": lambda one: makers.make_laureate(org=one),
        "registers.Attachment.object_id": attach,
        "registers.SavedView.shared_with": lambda one: SavedView.objects.create(
            slug="laureates", name=f"视图{one.pk}", owner=makers.make_user(Role.CITY), shared_with=one
        ),
    },
}
BIRTHS = ("1970", "1970-05-01")  # one person, known more or less exactly
PAIRS = {
    "laureates": lambda org: [makers.make_laureate(org=org, name="周海", birth_date=day) for day in BIRTHS],
    "workers": lambda org: [makers.make_worker(org=org, name="周海", birth_date=day) for day in BIRTHS],
    "organizations": lambda org: [
        makers.make_org(name=name, kind=ENTERPRISE, parent=org)
        for name in ("丰东热处理有限公司", "丰东热处理")
    ],
}


def pair(slug, org):
    """Return two records of a register that mean one, both below ``org``."""
    return PAIRS[slug](org)


def hang(slug, record):
    """Let one row of every kind hang on a record."""
    for make in HANGING[slug].values():
        make(record)


DAY = date(2024, 6, 22)

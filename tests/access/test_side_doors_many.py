"""Where scoped systems leaked (2): views of others by their key, and everything that is done to many records at once."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from mofu.accounts.models import TrailEntry
from mofu.accounts.scope import ScopedModel
from mofu.registers.models import SavedView
from mofu.registers.register import REGISTERS
from tests.access.asking import ask
from tests.access.doors import CLERK, clerk, told
from tests.access.people import PERSONAS

pytestmark = pytest.mark.django_db
SCOPED = [slug for slug, found in REGISTERS.items() if issubclass(found.model, ScopedModel)]
each_scoped = pytest.mark.parametrize("slug", SCOPED)


def foreign_rows(world, model):
    """Return all that is stored of the model beyond the clerk's sight."""
    seen = model.objects.visible_to(clerk(world)).values("pk")
    return list(
        model._base_manager.exclude(pk__in=list(seen.values_list("pk", flat=True))).order_by("pk").values()
    )


# views ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("owner", ["colleague", "foreign"])
def test_the_view_of_somebody_else_is_neither_used_nor_shown_nor_changed(owner, world):
    view = world.thing("view", "东" if owner == "colleague" else "丙")
    before = SavedView.objects.filter(pk=view.pk).values().get()
    register = REGISTERS["laureates"]
    for address in ("list", "export", "views"):
        for more in ("", "&export=xlsx"):
            answer = ask(world, CLERK, "GET", f"{register.url(address)}?view={view.pk}{more}")
            assert (answer.status, view.name in answer.text) == (404, False), address
    posts = [(register.url("view", view.pk), {"action": action, "name": "篡改", "query": ""}) for action in
             ("save", "filters", "share", "unshare", "delete", "default", "no-default")]  # fmt: skip
    posts += [
        (register.url("export"), {"query": f"view={view.pk}", "columns": "all", "style": "strict"}),
        (register.url("views"), {"query": f"view={view.pk}", "name": "我的"}),
        (
            register.url("batch-edit"),
            {"all": "1", "query": f"view={view.pk}", "field": "status", "step": "apply", "reason": "核"},
        ),
        (register.url("bulk"), {"all": "1", "query": f"view={view.pk}", "action": "submit"}),
    ]
    for address, data in posts:
        answer = ask(world, CLERK, "POST", address, data)
        assert (answer.status, answer.changed, view.name in answer.text) == (404, [], False), (address, data)
    answer = ask(
        world,
        CLERK,
        "POST",
        register.url("export"),
        {"query": "", "columns": str(view.pk), "style": "strict"},
    )
    assert (answer.status, view.name in answer.text) == (422, False)
    assert SavedView.objects.filter(pk=view.pk).values().get() == before


# many at once ---------------------------------------------------------------------------------------------------


def batches_of(register, pks):
    """Return what a page could send to change records it was never shown."""
    keys = [{"pk": pks}, {"all": "1", "query": ""}, {"all": "1", "query": "org=320924"}]
    keys += [
        {"all": "1", "query": urlencode({"pk": pks, "id__in": pks}, doseq=True)},
        {"all": "1", "query": "", "pk": pks},
    ]
    if register.reviewed:
        for action in ("submit", "approve", "return"):
            yield from ((register.url("bulk"), {"action": action, "reason": "核", **found}) for found in keys)
    if register.batch_fields:
        name = register.batch_fields[0]
        for step in ("preview", "apply"):
            more = {"step": step, "field": name, name: "", "reason": "核", "skip": "1"}
            yield from ((register.url("batch-edit"), more | found) for found in keys)


@each_scoped
def test_no_batch_reaches_beyond_what_is_in_sight(slug, world):
    register, model = REGISTERS[slug], REGISTERS[slug].model
    before = foreign_rows(world, model)
    pks = [row["id"] for row in before]
    if register.reviewed:
        model._base_manager.filter(pk__in=pks).update(review_state="draft")
        before = foreign_rows(world, model)
    mark = TrailEntry.objects.order_by("-pk").values_list("pk", flat=True).first()
    client = world.client(CLERK)
    for address, data in batches_of(register, pks):
        text = client.post(address, data | {"seen": mark}).content.decode()
        assert set(world.forbidden(PERSONAS[CLERK]).findall(text)) == set(), (address, data)
    assert foreign_rows(world, model) == before
    touched = TrailEntry.objects.filter(pk__gt=mark, model=model._meta.label_lower).values_list(
        "object_id", flat=True
    )
    assert set(touched) & {str(pk) for pk in pks} == set()


def test_papers_of_own_and_foreign_records_are_not_made_together(world):
    for kind, slug in (
        ("registration", "laureates"),
        ("agreement", "mentorships"),
    ):
        own, foreign = world.record(slug, "东"), world.record(slug, "丙")
        answer = ask(world, CLERK, "POST", f"/reports/{kind}/file.docx", {"pk": [own.pk, foreign.pk]})
        assert (answer.status, told(world, answer)) == (404, set())

"""Every request that is to change something stands on the trail: who, when, from where, under which number."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from django.test import Client

from mofu.accounts.models import Role, TrailEntry
from mofu.registers.register import REGISTERS
from tests.makers import PASSWORD, make_academy, make_laureate, make_org, make_studio, make_user
from tests.registers.sheets_of import workbook_bytes
from tests.routes import routes
from tests.specimens import specimen

IP = "203.0.113.7"


ROUTES = sorted({route.pattern for route in routes() if not re.search(r"[\\(^$]", route.pattern)})


def address(route, key):
    """Return an address of a route with a key in every place for one."""
    values = {
        "pk": key,
        "object_id": key,
        "year": 2024,
        "suffix": "xlsx",
        "kind": "circular",
        "code": "six-ins",
    }
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values.get(found[1], key)), route)


def test_the_routes_are_all_there():
    assert len(ROUTES) > 600
    assert "laureates/<int:pk>/edit/" in ROUTES
    assert any(route.startswith("admin/") for route in ROUTES)


GROUPS = sorted({route.partition("/")[0] for route in ROUTES})


@pytest.mark.parametrize("group", GROUPS)
def test_every_writing_request_leaves_an_entry_with_user_time_address_and_number(group, cast, settings):
    key = specimen(group, cast.dongtai).pk if group in REGISTERS else 1
    for route in (route for route in ROUTES if route.partition("/")[0] == group):
        user = cast.admin if group == "admin" else cast.city
        client = Client(REMOTE_ADDR=IP, raise_request_exception=False)
        client.force_login(user)
        target = address(route, key)
        before = TrailEntry.objects.order_by("-pk").values_list("pk", flat=True).first()
        answer = client.post(target, {"seen": "0", "name": "x", "action": "approve", "reason": "x"})
        left = TrailEntry.objects.filter(pk__gt=before)
        assert left, (target, answer.status_code)
        for entry in left:
            assert (entry.actor_id, entry.ip) == (user.pk, IP), (target, entry)
            assert entry.request_id == answer["X-Request-ID"], target
            assert entry.at is not None


@pytest.mark.parametrize("slug", [slug for slug, found in REGISTERS.items() if found.reviewed])
def test_bulk_approval_of_several_leaves_one_entry_each(slug, cast, signed_in):
    register = REGISTERS[slug]
    records = [specimen(slug, cast.dongtai, review_state="pending") for _ in range(3)]
    client = signed_in(cast.city)
    client.post(register.url("bulk"), {"action": "approve", "pk": [record.pk for record in records]})
    entries = TrailEntry.objects.filter(action="approved", model=register.model._meta.label_lower)
    assert {entry.object_id for entry in entries} == {str(record.pk) for record in records}
    changed = TrailEntry.objects.filter(
        action="changed", model=register.model._meta.label_lower, actor=cast.city
    )
    assert all(entry.changes["review_state"] == ["待审", "通过"] for entry in changed)
    assert len(changed) == 3


def test_bulk_of_500_adds_500(cast, signed_in):
    people = [make_laureate(org=cast.dongtai, review_state="pending") for _ in range(500)]
    before = TrailEntry.objects.latest("pk").pk
    signed_in(cast.city).post(
        "/laureates/bulk/", {"action": "approve", "pk": [person.pk for person in people]}
    )
    left = TrailEntry.objects.filter(pk__gt=before)
    for action in ("changed", "approved"):
        keys = set(left.filter(action=action).exclude(model="").values_list("object_id", flat=True))
        assert keys == {str(person.pk) for person in people}
    before = TrailEntry.objects.latest("pk").pk
    data = {
        "pk": [person.pk for person in people],
        "field": "skill_level",
        "skill_level": "3",
        "reason": "统一核定",
    }
    signed_in(cast.city).post("/laureates/batch/", data | {"step": "apply"})
    entries = TrailEntry.objects.filter(pk__gt=before, action="changed", reason="统一核定")
    assert entries.count() == 500
    assert all(entry.changes["skill_level"][1] for entry in entries)


def test_an_address_out_of_sight_leaves_a_refusal(cast, signed_in):
    hidden = make_laureate(org=cast.sheyang)
    assert signed_in(cast.county).get(f"/laureates/{hidden.pk}/").status_code == 404
    entry = TrailEntry.objects.get(action="refused")
    assert (entry.actor, f"劳模工匠第{hidden.pk}号" in entry.reason) == (cast.county, True)


def test_a_wrong_name_at_sign_in_is_not_kept_as_typed(db):
    make_user(Role.CITY, username="clerk")
    for name in ("MyPassw0rd!", "MyPassw0rd!", "clerk"):
        Client().post("/login/", {"login": name, "password": "wrong"})
    reasons = list(
        TrailEntry.objects.filter(action="sign_in_failed").order_by("pk").values_list("reason", flat=True)
    )
    assert not any("Passw0rd" in str(entry) for entry in TrailEntry.objects.values())
    assert reasons[0] == reasons[1], "tries with one name are known as such"
    assert reasons[2] == "账号：clerk"
    assert PASSWORD not in str(list(TrailEntry.objects.values()))


def test_the_address_behind_a_proxy_is_the_visitors(cast, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    client = Client(REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.9"})
    client.force_login(cast.county)
    client.post("/large-text/")
    assert TrailEntry.objects.latest("pk").ip == "203.0.113.9"


# reasons -------------------------------------------------------------------------------------------------


def test_a_unit_is_put_out_of_use_only_with_a_reason(cast, signed_in):
    unit = make_org(parent=cast.dongtai, kind="enterprise", name="总厂")
    client = signed_in(cast.city)
    data = {"name": "总厂", "kind": "enterprise", "parent": cast.dongtai.pk, "sort": 1, "code": unit.code}
    answer = client.post(f"/organizations/{unit.pk}/edit/", data)
    assert answer.status_code == 422
    assert "停用原因" in answer.context["form"].errors["why"][0]
    assert client.post(f"/organizations/{unit.pk}/edit/", data | {"why": "已并入新厂"}).status_code == 302
    entry = TrailEntry.objects.filter(model="accounts.organization", action="changed").latest("pk")
    assert (entry.changes["active"], entry.reason) == (["是", "否"], "已并入新厂")


@pytest.mark.parametrize(
    ("slug", "make"), [("studios", make_studio), ("academies", make_academy)], ids=["studios", "academies"]
)
def test_a_studio_or_academy_is_revoked_only_with_a_reason(slug, make, cast, signed_in):
    record, client = make(org=cast.dongtai), signed_in(cast.city)
    page = client.get(f"/{slug}/{record.pk}/edit/")
    values = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    for _, formset in page.context["formsets"]:
        values |= {
            f"{formset.prefix}-{name}": value for name, value in formset.management_form.initial.items()
        }
    values = {name: value for name, value in values.items() if value is not None and value is not False} | {
        "status": "revoked"
    }
    answer = client.post(f"/{slug}/{record.pk}/edit/", values)
    assert answer.status_code == 422
    assert "撤销原因" in answer.context["form"].errors["why"][0]
    answer = client.post(f"/{slug}/{record.pk}/edit/", values | {"why": "多年未开展活动"})
    assert answer.status_code == 302, answer.context["faults"]
    entry = TrailEntry.objects.filter(object_id=record.pk, action="changed").latest("pk")
    assert "撤销" in entry.changes["status"][1]
    assert entry.reason == "多年未开展活动"


def test_an_import_that_revokes_gives_its_file_as_the_reason(cast, tmp_path):
    studio = make_studio(org=cast.dongtai, name="李四创新工作室")
    rows = (["工作室名称", "所属单位", "状态"], ["李四创新工作室", "东台市", "撤销"])
    (tmp_path / "studios.xlsx").write_bytes(workbook_bytes(*rows))
    call_command("import_register", "studios", str(tmp_path / "studios.xlsx"), "--user", "city")
    studio.refresh_from_db()
    assert studio.status == "revoked"
    assert (
        "studios.xlsx"
        in TrailEntry.objects.filter(model="actions.studio", action="changed").latest("pk").reason
    )

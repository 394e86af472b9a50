"""The organisation tree: paths, moving a unit with all below it, who sees what."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from models_app.models import Laureate
from mofu.accounts.models import Organization, OrganizationKind, TrailEntry
from mofu.accounts.scope import path_range
from tests.makers import city, make_laureate, make_org


def test_range_of_a_path_holds_the_subtree_and_nothing_beside_it(db):
    first, last = path_range("000001000009")
    assert first <= "000001000009" < last
    assert first <= "000001000009999999" < last
    assert not first <= "000001000010" < last
    assert not first <= "000001000008999999" < last


def test_moving_a_unit_carries_everything_below_and_every_record(cast):
    factory = make_org(parent=cast.dongtai, kind="enterprise", name="东台某厂")
    workshop = make_org(parent=factory, kind="enterprise", name="一车间")
    person = make_laureate(org=workshop)
    assert list(Laureate.objects.visible_to(cast.county)) == [person]
    factory.parent = cast.sheyang
    factory.save()
    workshop.refresh_from_db()
    assert workshop.path.startswith(f"{cast.sheyang.path}{factory.pk:06d}")
    assert not Laureate.objects.visible_to(cast.county).exists()
    assert list(Laureate.objects.visible_to(cast.other)) == [person]
    assert TrailEntry.objects.filter(action="moved", object_id=str(factory.pk)).exists()


def test_moving_a_unit_is_one_transaction(cast, monkeypatch):
    factory = make_org(parent=cast.dongtai, kind="enterprise")
    make_org(parent=factory, kind="enterprise")
    before = dict(Organization.everything.values_list("pk", "path"))

    def fail(self):
        raise RuntimeError("power cut")

    monkeypatch.setattr(Organization, "_settle_path", fail)
    factory.parent = cast.sheyang
    with pytest.raises(RuntimeError):
        factory.save()
    assert dict(Organization.everything.values_list("pk", "path")) == before
    assert Organization.everything.get(pk=factory.pk).parent == cast.dongtai


def test_a_unit_cannot_be_put_below_itself(cast, signed_in):
    factory = make_org(parent=cast.dongtai, kind="enterprise")
    data = {
        "name": "新名",
        "kind": "county",
        "code": cast.dongtai.code,
        "parent": factory.pk,
        "sort": 1,
        "active": "on",
    }
    response = signed_in(cast.city).post(f"/organizations/{cast.dongtai.pk}/edit/", data)
    assert "上级单位不能是本单位或其下级单位" in response.content.decode()


def test_a_county_adds_enterprises_below_itself_only(cast, signed_in):
    client = signed_in(cast.county)
    data = {"name": "东台新厂", "kind": "enterprise", "parent": cast.dongtai.pk, "sort": 100, "active": "on"}
    assert client.post("/organizations/new/", data).status_code == 302
    made = Organization.everything.get(name="东台新厂")
    assert made.path.startswith(cast.dongtai.path)
    assert made.code
    for wrong in (
        {"parent": cast.sheyang.pk},
        {"parent": city().pk},
        {"kind": OrganizationKind.COUNTY},
        {"parent": ""},
    ):
        assert client.post("/organizations/new/", data | {"name": "别处"} | wrong).status_code == 422
    assert not Organization.everything.filter(name="别处").exists()


def test_user_without_organisation_sees_no_row_and_the_city_sees_all(cast):
    make_laureate(org=cast.dongtai)
    make_laureate(org=cast.sheyang)
    assert Laureate.objects.visible_to(cast.stranger).count() == 0
    assert Laureate.objects.visible_to(cast.city).count() == 2
    cast.city.is_active = False
    assert Laureate.objects.visible_to(cast.city).count() == 0


def test_a_laureate_of_an_industry_union_is_seen_by_unit_and_union(cast):
    union = make_org(kind="industry_union", name="市交通工会")
    person = make_laureate(org=cast.dongtai, industry_union=union)
    from_union = Laureate.objects.visible_to(cast.city).within(union.path)
    assert list(from_union) == [person]
    assert list(Laureate.objects.visible_to(cast.county)) == [person]


def test_there_is_one_root_and_boards_stand_right_below_it(cast):
    def faults(**values):
        with pytest.raises(ValidationError) as caught:
            Organization(name="新单位", **values).full_clean()
        return caught.value.message_dict

    assert faults(kind="city") == {"parent": ["已有市级单位，请选择上级单位。"]}
    city().full_clean()
    cast.dongtai.full_clean()
    for kind in ("county", "zone"):
        assert "只能直接设在市级单位之下" in faults(kind=kind, parent=cast.dongtai)["kind"][0]
        Organization(name="新板块", kind=kind, parent=city()).full_clean()


def test_a_county_signs_as_its_union_and_others_by_name(cast):
    zone = make_org(name="盐南高新区", kind=OrganizationKind.ZONE)
    union = make_org(name="射阳县总工会", kind=OrganizationKind.COUNTY)
    factory = make_org(parent=cast.dongtai, kind=OrganizationKind.ENTERPRISE, name="东台某厂")
    assert [unit.signature for unit in (cast.dongtai, zone, union, factory)] == [
        "东台市总工会", "盐南高新区总工会", "射阳县总工会", "东台某厂",
    ]  # fmt: skip
    factory.signed_as = "东台某厂工会"
    assert factory.signature == "东台某厂工会"
    assert factory.root == city()


@pytest.mark.parametrize(
    ("name", "value"),
    [("document_code", "东工〔2026〕"), ("document_code", "东工1"), ("signed_as", "东台市 总工会")],
)
def test_how_a_unit_signs_is_checked(name, value, cast):
    setattr(cast.dongtai, name, value)
    with pytest.raises(ValidationError) as refused:
        cast.dongtai.full_clean()
    assert set(refused.value.message_dict) == {name}


def test_two_units_never_number_under_one_code(cast):
    cast.dongtai.document_code = cast.sheyang.document_code = "东工"
    cast.dongtai.save()
    with pytest.raises(ValidationError, match="已有单位使用这个发文代字"):
        cast.sheyang.full_clean()


def test_only_the_city_says_how_a_unit_signs(cast, signed_in):
    factory = make_org(parent=cast.dongtai, kind="enterprise", name="东台某厂")
    address = f"/organizations/{factory.pk}/edit/"
    assert set(signed_in(cast.city).get(address).context["form"].fields) >= {"signed_as", "document_code"}
    form = signed_in(cast.county).get(address).context["form"]
    assert not {"signed_as", "document_code"} & set(form.fields)
    data = {name: form[name].value() or "" for name in form.fields}
    signed_in(cast.county).post(address, data | {"document_code": "厂工", "contact": "王某"})
    factory.refresh_from_db()
    assert (factory.contact, factory.document_code) == ("王某", "")

"""What the matrix does not ask: an account without a unit, the trail of refusals, the rows of a list one by one."""

from __future__ import annotations

from mofu.accounts.models import Role, TrailEntry
from mofu.registers.register import REGISTERS
from tests.makers import make_laureate, make_org, make_user


def test_a_user_without_organisation_sees_nothing(cast, signed_in):
    client = signed_in(cast.stranger)
    assert "尚未分配单位" in client.get("/").content.decode()
    shared = ["/actions/", "/reports/", "/screen/", "/review/", "/returned/", "/trail/", "/duplicates/"]
    for address in [*(register.url("list") for register in REGISTERS.values()), *shared]:
        assert client.get(address).status_code == 403, address


def test_refused_access_leaves_a_trail(cast, signed_in):
    signed_in(cast.leader).get("/laureates/new/")
    entry = TrailEntry.objects.filter(action="refused").get()
    assert entry.actor == cast.leader
    assert entry.reason == "新增（劳模工匠）：没有权限"


def test_a_unit_below_a_county_sees_its_own_rows_only(cast, signed_in):
    factory = make_org(parent=cast.dongtai, kind="enterprise")
    clerk = make_user(Role.COUNTY, factory)
    mine, parents = make_laureate(org=factory), make_laureate(org=cast.dongtai)
    make_laureate(org=cast.sheyang)
    for user, expected in ((clerk, [mine.pk]), (cast.county, [mine.pk, parents.pk])):
        client = signed_in(user)
        rows = [row.pk for row in client.get("/laureates/").context["rows"]]
        picked = [row["id"] for row in client.get("/laureates/pick/").json()["results"]]
        assert sorted(rows) == sorted(picked) == sorted(expected)

"""The duplicate queue: who looks like whom and why, who sees it, and pairs that were said to be two."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from models_app.models import Laureate
from mofu.accounts.models import OrganizationKind, TrailEntry
from mofu.registers import duplicates
from mofu.registers.masks import mask
from mofu.registers.models import DistinctPair
from mofu.registers.register import REGISTERS
from tests.makers import (
    made_id_number,
    make_honour,
    make_honour_title,
    make_laureate,
    make_org,
    make_worker,
)
from tests.registers.hanging import pair

ENTERPRISE = OrganizationKind.ENTERPRISE
SLUGS = ["laureates", "workers", "organizations"]


def found(user, slug="", code=""):
    return {likeness.pair for likeness in duplicates.queue(user, slug, code).found}


def keys(*records):
    return duplicates.pair_of(*(record.pk for record in records))


def in_two_units(make, name="周海", **both):
    return [make(org=make_org(), name=name, **both) for _ in range(2)]


@pytest.mark.parametrize(("slug", "make"), [("laureates", make_laureate), ("workers", make_worker)])
def test_a_name_alone_never_makes_a_pair(slug, make, cast):
    in_two_units(make)
    assert found(cast.city, slug) == set()


@pytest.mark.parametrize(("slug", "make"), [("laureates", make_laureate), ("workers", make_worker)])
@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("1970-05-01", "1970-05-01", True),
        ("1970", "1970-05-01", True),
        ("1970-05", "1970-05-01", True),
        ("1970", "1970", True),
        ("1970-05-02", "1970-05-01", False),
        ("1970-06", "1970-05-01", False),
        ("1971", "1970-05-01", False),
        ("1970", "", False),
    ],
)
def test_name_and_birth_as_far_as_both_are_known(slug, make, one, other, alike, cast):
    people = [make(name="周海", birth_date=one), make(name="周海", birth_date=other)]
    make(name="周诲", birth_date=one)
    assert found(cast.city, slug) == ({keys(*people)} if alike else set())


def test_of_three_namesakes_only_those_who_fit_are_paired(cast):
    year, may, june = (
        make_worker(name="周海", birth_date=text) for text in ("1970", "1970-05-01", "1970-06-01")
    )
    assert found(cast.city, "workers") == {keys(year, may), keys(year, june)}


def test_two_known_id_numbers_tell_people_apart(cast):
    one = make_laureate(name="周海", id_number=made_id_number(birth="19700501", serial=1))
    make_laureate(name="周海", id_number=made_id_number(birth="19700501", serial=2))
    assert found(cast.city) == set()
    third = make_laureate(name="周海", birth_date="1970-05")
    assert len(found(cast.city)) == 2
    assert keys(one, third) in found(cast.city)


def test_the_same_number_is_found_where_the_database_lets_it_be(cast, monkeypatch):
    """The number's uniqueness makes this impossible; the rule is tried on a column without it."""
    people = in_two_units(make_laureate, name="周海", position="班长")
    register = REGISTERS["laureates"]
    rule = register.duplicate_rules[0]
    monkeypatch.setattr(register, "duplicate_rules", [type(rule)(rule.code, rule.reason, ("position",))])
    assert found(cast.city, "laureates") == {keys(*people)}


def test_laureates_of_one_unit_with_a_common_honour(cast):
    people = [make_laureate(org=cast.dongtai, name="周海", birth_date=text) for text in ("1970", "")]
    stranger = make_laureate(org=cast.sheyang, name="周海")
    assert found(cast.city) == set()
    title = make_honour_title()
    for person in (*people, stranger):
        make_honour(laureate=person, title=title)
    make_honour(laureate=people[0], title=title, batch_year=2020)
    assert found(cast.city) == {keys(*people)}


def test_workers_of_one_unit_and_name_unless_their_birth_dates_differ(cast):
    people = [make_worker(org=cast.dongtai, name="周海", birth_date=text) for text in ("1970", "1980", "")]
    assert found(cast.city) == {keys(people[0], people[2]), keys(people[1], people[2])}


@pytest.mark.parametrize(
    "names",
    [
        ("丰东热处理有限公司", "丰东热处理"),
        ("丰东集团有限责任公司", "丰东有限公司"),
        ("江苏（丰东）热处理", "江苏(丰东) 热处理"),
        ("丰东热处理", "丰东热处理"),
    ],
)
def test_units_whose_names_say_the_same(names, cast):
    units = [make_org(parent=unit, name=name, kind=ENTERPRISE)
             for unit, name in zip((cast.dongtai, cast.sheyang), names, strict=True)]  # fmt: skip
    make_org(parent=cast.dongtai, name="丰东铸造有限公司", kind=ENTERPRISE)
    make_org(parent=cast.dongtai, name="有限公司", kind=ENTERPRISE)
    make_org(parent=cast.dongtai, name="集团", kind=ENTERPRISE)
    assert found(cast.city, "organizations") == {keys(*units)}


def test_a_pair_is_listed_once_with_all_reasons_and_filtered_by_rule(cast):
    title = make_honour_title()
    people = [make_laureate(org=cast.dongtai, name="周海", birth_date=text) for text in ("1970", "1970-05")]
    for person in people:
        make_honour(laureate=person, title=title)
    (likeness,) = duplicates.queue(cast.city).found
    assert likeness.reasons == ["姓名相同、出生日期相符", "姓名、单位和荣誉相同"]
    assert found(cast.city, "laureates", "honour") == {keys(*people)}
    assert found(cast.city, "workers") == set()


def test_queue_is_cut_and_says_so(cast, monkeypatch):
    monkeypatch.setattr(duplicates, "MOST", 3)
    for text in ("1970", "1970-05", "1970-05-01", ""):
        make_worker(org=cast.dongtai, name="周海", birth_date=text)
    queue = duplicates.queue(cast.city, "workers", "unit")
    assert (len(queue.found), queue.more) == (3, True)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_unit_sees_only_pairs_of_its_own(slug, cast, signed_in):
    own, foreign = pair(slug, cast.dongtai), pair(slug, cast.sheyang)
    assert keys(*own) in found(cast.county, slug)
    assert all(set(pair) <= {record.pk for record in own} for pair in found(cast.county, slug))
    page = signed_in(cast.county).get("/duplicates/").content.decode()
    assert f"/duplicates/{slug}/{own[0].pk}/{own[1].pk}/" in page
    assert f"/{foreign[0].pk}/" not in page.split("<main", 1)[1]
    across = {keys(own[0], foreign[0]), keys(own[1], foreign[1])}
    assert keys(*foreign) in found(cast.city, slug)
    assert across <= found(cast.city, slug)
    assert found(cast.stranger, slug) == set()


@pytest.mark.parametrize("name", ["leader", "auditor", "admin", "stranger"])
def test_who_enters_nothing_is_refused(name, cast, signed_in):
    one, other = pair("laureates", cast.dongtai)
    client = signed_in(getattr(cast, name))
    for tail in ("", "dismissed/", "merges/", f"laureates/{one.pk}/{other.pk}/"):
        assert client.get(f"/duplicates/{tail}").status_code == 403
    assert client.post(f"/duplicates/laureates/{one.pk}/{other.pk}/distinct/").status_code == 403
    assert not DistinctPair.objects.exists()


def _alike(slug, org, count):
    for _ in range(count):
        pair(slug, make_org(parent=org))


def test_pages_cost_the_same_queries_for_few_and_many_pairs(cast, signed_in, monkeypatch):
    monkeypatch.setattr("mofu.registers.views.duplicates.PAGE", 500)
    client = signed_in(cast.city)
    costs = []
    for count in (1, 4):
        for slug in SLUGS:
            _alike(slug, cast.dongtai, count)
        client.get("/duplicates/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/duplicates/").status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 24


def test_dismissed_pairs_cost_the_same_queries(cast, signed_in):
    client = signed_in(cast.county)
    costs = []
    for _ in range(2):
        for slug in SLUGS:
            unit = make_org(parent=cast.dongtai)
            duplicates.dismiss(*pair(slug, unit), reason="", user=cast.county)
        client.get("/duplicates/dismissed/")
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get("/duplicates/dismissed/").context["lines"]) >= 3
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_page_shows_why_masks_numbers_and_offers_both_ways(cast, signed_in):
    number = made_id_number(birth="19700501")
    one = make_laureate(org=cast.dongtai, name="周海", id_number=number)
    other = make_laureate(org=cast.sheyang, name="周海", birth_date="1970")
    page = signed_in(cast.city).get("/duplicates/", {"by": "laureates.birth"}).content.decode()
    assert "姓名相同、出生日期相符" in page
    assert number not in page
    assert mask("id_number", number) in page
    assert f"/duplicates/laureates/{one.pk}/{other.pk}/distinct/" in page
    assert "不是同一人" in page


def test_unknown_filters_and_pages_are_harmless(cast, signed_in):
    client = signed_in(cast.city)
    for by in ("nothing", "events.x", "laureates.nothing", "...", "laureates"):
        page = client.get("/duplicates/", {"by": by, "page": "99"}).content.decode()
        assert "没有疑似重复的记录" in page


def test_menu_names_the_queue_for_those_who_enter(cast, signed_in):
    assert "重复核查" in signed_in(cast.county).get("/").content.decode()
    assert "重复核查" not in signed_in(cast.leader).get("/").content.decode()


@pytest.mark.parametrize("slug", SLUGS)
def test_a_pair_said_to_be_two_leaves_the_queue_until_taken_back(slug, cast, signed_in):
    one, other = pair(slug, cast.dongtai)
    client = signed_in(cast.county)
    address = f"/duplicates/{slug}/{other.pk}/{one.pk}/distinct/"
    for _ in range(2):
        assert client.post(address, {"reason": "同名，已电话核实"}).status_code == 302
    note = DistinctPair.objects.get()
    assert (note.first, note.second, note.user) == (*keys(one, other), cast.county)
    assert found(cast.county) == found(cast.city) == set()
    entry = TrailEntry.objects.get(action="created", model="registers.distinctpair")
    assert entry.changes["reason"] == ["", "同名，已电话核实"]
    listed = client.get("/duplicates/dismissed/").content.decode()
    assert "同名，已电话核实" in listed
    assert client.post(f"/duplicates/dismissed/{note.pk}/back/").status_code == 302
    assert found(cast.county) == {keys(one, other)}
    assert TrailEntry.objects.filter(action="deleted", model="registers.distinctpair").exists()


def test_other_pairs_of_a_group_stay_in_the_queue(cast):
    first, second, third = (
        make_worker(org=cast.dongtai, name="周海", birth_date=text)
        for text in ("1970", "1970-05", "1970-05-01")
    )
    duplicates.dismiss(first, second, reason="", user=cast.city)
    assert found(cast.city) == {keys(first, third), keys(second, third)}


def test_foreign_pairs_are_neither_dismissed_nor_taken_back(cast, signed_in):
    own = make_laureate(org=cast.dongtai)
    one, other = pair("laureates", cast.sheyang)
    note = duplicates.dismiss(one, other, reason="射阳已核", user=cast.city)
    mixed = duplicates.dismiss(own, other, reason="两地已核", user=cast.city)
    client = signed_in(cast.county)
    for a, b in ((one, other), (own, other), (other, own)):
        assert client.post(f"/duplicates/laureates/{a.pk}/{b.pk}/distinct/").status_code == 404
    for pk in (note.pk, mixed.pk):
        assert client.post(f"/duplicates/dismissed/{pk}/back/").status_code == 404
    assert DistinctPair.objects.count() == 2
    page = client.get("/duplicates/dismissed/").content.decode()
    assert "已核" not in page
    assert signed_in(cast.city).get("/duplicates/dismissed/").content.decode().count("已核") == 2


def test_notes_about_a_deleted_record_are_not_listed(cast, signed_in):
    one, other = pair("laureates", cast.dongtai)
    duplicates.dismiss(one, other, reason="", user=cast.city)
    Laureate.everything.get(pk=one.pk).delete()
    assert signed_in(cast.city).get("/duplicates/dismissed/").context["lines"] == []

"""The merge screen, the history of merges and the undo, as staff use them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from models_app.models import Honour, Laureate
from mofu.accounts.models import OrganizationKind
from mofu.registers import merging
from mofu.registers.models import Merge
from tests.makers import (
    made_id_number,
    make_event,
    make_honour,
    make_honour_title,
    make_laureate,
    make_org,
    make_worker,
)
from tests.registers.hanging import hang, pair
from tests.registers.test_merging import dump

SLUGS = ["laureates", "workers", "organizations"]


def address(slug, one, other):
    return f"/duplicates/{slug}/{one.pk}/{other.pk}/"


def send(client, slug, one, other, **values):
    seen = client.get(address(slug, one, other)).context["seen"]
    return client.post(
        address(slug, one, other), {"keep": "0", "reason": "重复登记", "seen": seen} | values, follow=True
    )


@pytest.mark.parametrize("slug", SLUGS)
def test_screen_answers_by_role_and_unit(slug, cast, signed_in):
    own, foreign = pair(slug, cast.dongtai), pair(slug, cast.sheyang)
    for name, status in (("city", 200), ("county", 200), ("leader", 403), ("auditor", 403), ("admin", 403)):
        assert signed_in(getattr(cast, name)).get(address(slug, *own)).status_code == status, name
    client = signed_in(cast.county)
    for records in (foreign, (own[0], foreign[0]), (foreign[0], own[0])):
        assert client.get(address(slug, *records)).status_code == 404
        posted = client.post(address(slug, *records), {"keep": "0", "reason": "x"})
        assert posted.status_code == 404
    assert not Merge.objects.exists()
    assert type(own[0])._base_manager.filter(pk__in=[r.pk for r in (*own, *foreign)]).count() == 4


def test_only_two_records_of_a_compared_register_have_a_screen(cast, signed_in):
    client, one = signed_in(cast.city), make_laureate()
    event = make_event(), make_event()
    assert client.get(address("laureates", one, one)).status_code == 404
    assert client.get(address("events", *event)).status_code == 404
    assert client.get("/duplicates/nothing/1/2/").status_code == 404


@pytest.mark.parametrize("slug", SLUGS)
def test_a_unit_merges_its_own_and_takes_it_back(slug, cast, signed_in):
    one, other = pair(slug, cast.dongtai)
    hang(slug, other)
    client = signed_in(cast.county)
    client.get(address(slug, one, other))
    before = dump()
    answer = send(client, slug, one, other)
    assert answer.redirect_chain[0][0] == f"/{slug}/{one.pk}/"
    assert "并入" in answer.content.decode()
    assert not type(other)._base_manager.filter(pk=other.pk).exists()
    listed = client.get("/duplicates/merges/").content.decode()
    assert "重复登记" in listed
    done = Merge.objects.get()
    answer = client.post(f"/duplicates/merges/{done.pk}/undo/", follow=True)
    assert answer.redirect_chain[0][0] == f"/{slug}/{other.pk}/"
    assert "已撤销合并" in answer.content.decode()
    assert dump() == before
    assert "撤销合并</button>" not in client.get("/duplicates/merges/").content.decode()


def test_screen_masks_numbers_and_takes_the_chosen_values(cast, signed_in):
    number = made_id_number(birth="19700501")
    one = make_laureate(org=cast.dongtai, name="周海", position="班长", phone="13812345678")
    other = make_laureate(
        org=cast.dongtai, name="周海", position="车间主任", id_number=number, phone="13887654321"
    )
    client = signed_in(cast.city)
    page = client.get(address("laureates", one, other))
    text = page.content.decode()
    assert number not in text
    assert "13812345678" not in text
    assert "138****5678" in text
    chosen = {field.name: field.chosen for field in page.context["fields"] if field.differs}
    assert chosen == {"id_number": 1, "sex": 1, "birth_date": 1, "phone": 0, "position": 0}
    send(client, "laureates", one, other, **{f"field-{name}": "1" for name in ("position", "id_number")})
    kept = Laureate.everything.get(pk=one.pk)
    assert (kept.position, kept.id_number, kept.phone) == ("车间主任", number, "13812345678")
    assert kept.birth_date == "1970-05-01"


def test_the_second_record_may_stay(cast, signed_in):
    one, other = pair("workers", cast.dongtai)
    send(signed_in(cast.city), "workers", one, other, keep="1")
    assert Merge.objects.get().winner_key == other.pk
    assert not type(one)._base_manager.filter(pk=one.pk).exists()


def test_the_approved_record_is_offered_to_stay(cast, signed_in):
    draft = make_laureate(org=cast.dongtai, review_state="draft")
    approved = make_laureate(org=cast.dongtai)
    page = signed_in(cast.city).get(address("laureates", draft, approved))
    assert page.context["keep"] == 1


def test_screen_says_what_hangs_on_both_and_what_is_there_twice(cast, signed_in):
    one, other = pair("laureates", cast.dongtai)
    title = make_honour_title()
    for person in (one, other):
        make_honour(laureate=person, title=title)
    make_event(laureates=[other])
    text = signed_in(cast.city).get(address("laureates", one, other)).content.decode()
    assert "将合并 1 条相同记录" in text
    assert "荣誉记录" in text
    assert "活动·参加人员" in text


@pytest.mark.parametrize("broken", ["keep", "reason", "seen"])
def test_incomplete_or_stale_decisions_merge_nothing(broken, cast, signed_in):
    one, other = pair("laureates", cast.dongtai)
    client = signed_in(cast.city)
    answer = send(client, "laureates", one, other, **{broken: " "})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Merge.objects.exists()


def test_a_record_changed_while_it_was_looked_at_is_shown_again(cast, signed_in):
    one, other = pair("laureates", cast.dongtai)
    client = signed_in(cast.city)
    seen = client.get(address("laureates", one, other)).context["seen"]
    other.position = "主任"
    other.save()
    answer = client.post(address("laureates", one, other), {"keep": "0", "reason": "重复", "seen": seen})
    assert "请重新核对" in answer.content.decode()
    assert not Merge.objects.exists()


def test_values_that_do_not_fit_are_explained(cast, signed_in):
    one = make_laureate(org=cast.dongtai, birth_date="1980")
    other = make_laureate(org=cast.dongtai, id_number=made_id_number(birth="19700501"))
    answer = send(
        signed_in(cast.city), "laureates", one, other, **{"field-id_number": "1", "field-birth_date": "0"}
    )
    assert answer.status_code == 422
    assert "不一致" in answer.content.decode()
    assert Laureate.everything.filter(pk=other.pk).exists()


def test_values_of_a_third_record_are_explained(cast, signed_in):
    one, other = pair("organizations", cast.dongtai)
    upper = make_org(parent=cast.dongtai, kind=OrganizationKind.ENTERPRISE)
    make_org(parent=upper, name=one.name, kind=OrganizationKind.ENTERPRISE)
    other.parent = upper
    other.save()
    answer = send(
        signed_in(cast.city), "organizations", one, other, **{"field-parent": "1", "field-name": "0"}
    )
    assert answer.status_code == 422
    assert "另一条已登记的记录重复" in answer.content.decode()
    assert not Merge.objects.exists()


def test_units_that_must_not_merge_have_no_button(cast, signed_in):
    client = signed_in(cast.city)
    text = client.get(address("organizations", cast.dongtai, cast.sheyang)).content.decode()
    assert "不能合并" in text
    assert "id_reason" not in text
    upper = make_org(parent=cast.dongtai, name="丰东", kind=OrganizationKind.ENTERPRISE)
    below = make_org(parent=upper, name="丰东", kind=OrganizationKind.ENTERPRISE)
    page = client.get(address("organizations", below, upper))
    assert page.context["keep"] == 1
    assert "请保留上级单位" in page.content.decode()
    answer = send(client, "organizations", below, upper, keep="0")
    assert answer.status_code == 422
    assert not Merge.objects.exists()


def test_screen_costs_the_same_queries_for_few_and_many_rows(cast, signed_in):
    one, other = pair("laureates", cast.dongtai)
    client, costs = signed_in(cast.city), []
    hang("laureates", one)
    hang("laureates", other)
    for _ in range(2):
        for person in (one, other, one):
            make_honour(laureate=person)
            make_event(laureates=[person])
        client.get(address("laureates", one, other))
        with CaptureQueriesContext(connection) as queries:
            client.get(address("laureates", one, other))
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_history_costs_the_same_queries_for_one_and_three(cast, signed_in):
    client, costs = signed_in(cast.county), []
    for count in (1, 2):
        for _ in range(count):
            for slug in SLUGS:
                winner, loser = pair(slug, make_org(parent=cast.dongtai))
                merging.merge(winner=winner, loser=loser, taken=(), reason="重复", user=cast.county)
        client.get("/duplicates/merges/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/duplicates/merges/").status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_unit_learns_nothing_of_merges_by_others(cast, signed_in):
    winner, loser = make_laureate(org=cast.dongtai), make_laureate(org=cast.sheyang, name="外县人")
    by_city = merging.merge(winner=winner, loser=loser, taken=(), reason="市级合并", user=cast.city)
    one, other = pair("workers", cast.sheyang)
    by_other = merging.merge(winner=one, loser=other, taken=(), reason="射阳合并", user=cast.other)
    client = signed_in(cast.county)
    text = client.get("/duplicates/merges/").content.decode()
    assert "外县人" not in text
    assert "合并</td>" not in text
    assert "还没有合并过记录" in text
    for done in (by_city, by_other):
        assert client.post(f"/duplicates/merges/{done.pk}/undo/").status_code == 404
        done.refresh_from_db()
        assert done.undone_at is None
    text = signed_in(cast.city).get("/duplicates/merges/").content.decode()
    assert "外县人" in text
    assert "射阳合并" in text
    assert "市级合并" not in signed_in(cast.other).get("/duplicates/merges/").content.decode()
    assert signed_in(cast.leader).post(f"/duplicates/merges/{by_city.pk}/undo/").status_code == 403


def test_refused_undo_names_what_changed_and_hides_what_is_foreign(cast, signed_in):
    winner, loser = pair("laureates", cast.dongtai)
    far = make_worker(org=cast.sheyang, name="射阳职工", laureate=loser)
    near = make_honour(laureate=loser)
    done = merging.merge(winner=winner, loser=loser, taken=(), reason="重复", user=cast.county)
    for record in (far, near):
        record.refresh_from_db()
        record.note = "补充"
        record.save()
    answer = signed_in(cast.county).post(f"/duplicates/merges/{done.pk}/undo/")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "不能撤销" in text
    assert f'href="/honours/{near.pk}/"' in text
    assert "射阳职工" not in text
    assert "另有 1 条其他记录" in text
    text = signed_in(cast.city).post(f"/duplicates/merges/{done.pk}/undo/").content.decode()
    assert "射阳职工" in text


def test_a_number_entered_anew_is_explained(cast, signed_in):
    number = made_id_number()
    winner, loser = make_worker(), make_worker(id_number=number)
    done = merging.merge(winner=winner, loser=loser, taken=(), reason="重复", user=cast.city)
    make_worker(id_number=number)
    answer = signed_in(cast.city).post(f"/duplicates/merges/{done.pk}/undo/")
    assert answer.status_code == 409
    assert "重新登记" in answer.content.decode()


def test_a_repeated_click_finds_the_record_gone(cast, signed_in):
    one, other = pair("workers", cast.dongtai)
    client = signed_in(cast.city)
    send(client, "workers", one, other)
    again = client.post(address("workers", one, other), {"keep": "0", "reason": "重复", "seen": "x"})
    assert again.status_code == 404
    assert Merge.objects.count() == 1


@pytest.mark.parametrize(("slug", "make"), [("laureates", make_laureate), ("workers", make_worker)])
def test_two_id_numbers_are_two_people(slug, make, cast, signed_in):
    one = make(org=cast.dongtai, name="张三", id_number=made_id_number(birth="19600101"))
    other = make(org=cast.dongtai, name="李四", id_number=made_id_number(birth="19800101"))
    client = signed_in(cast.city)
    shown = client.get(address(slug, one, other))
    assert all("身份证号不同" in head["refusal"] for head in shown.context["records"])
    answer = send(client, slug, one, other)
    assert answer.status_code == 422
    assert "身份证号不同" in answer.content.decode()
    assert type(one)._base_manager.filter(pk__in=(one.pk, other.pk)).count() == 2


@pytest.mark.parametrize(
    ("kept", "gone", "refused"),
    [
        ("draft", "approved", True),
        ("draft", "pending", True),
        ("returned", "approved", True),
        ("pending", "approved", True),
        ("approved", "draft", False),
        ("approved", "pending", False),
        ("approved", "approved", False),
        ("draft", "returned", False),
    ],
)
def test_a_unit_never_lets_a_record_go_into_one_less_reviewed(kept, gone, refused, cast, signed_in):
    one = make_laureate(org=cast.dongtai, name="周海", birth_date="1970", review_state=kept)
    other = make_laureate(org=cast.dongtai, name="周海", birth_date="1970-05-01", review_state=gone)
    honour = make_honour(laureate=other)
    answer = send(signed_in(cast.county), "laureates", one, other)
    assert answer.status_code == (422 if refused else 200)
    assert Laureate.everything.filter(pk=other.pk).exists() == refused
    honour.refresh_from_db()
    assert honour.laureate_id == (other.pk if refused else one.pk)


def test_the_city_may_let_an_approved_record_go(cast, signed_in):
    one = make_laureate(org=cast.dongtai, name="周海", birth_date="1970", review_state="draft")
    other = make_laureate(org=cast.dongtai, name="周海", birth_date="1970-05-01", review_state="approved")
    assert send(signed_in(cast.city), "laureates", one, other).status_code == 200
    assert not Laureate.everything.filter(pk=other.pk).exists()


def test_a_unit_never_lets_an_approved_twin_go_with_its_person(cast, signed_in):
    one, other = pair("laureates", cast.dongtai)
    title = make_honour_title()
    draft = make_honour(laureate=one, title=title, review_state="draft")
    approved = make_honour(laureate=other, title=title, review_state="approved")
    client = signed_in(cast.county)
    answer = send(client, "laureates", one, other)
    assert answer.status_code == 422
    assert "通过的记录不能并入草稿的记录" in answer.content.decode()
    assert Honour.everything.filter(pk__in=(draft.pk, approved.pk)).count() == 2
    assert send(client, "laureates", other, one).status_code == 200
    assert Honour.everything.get().pk == approved.pk


def test_a_unit_never_lets_an_approved_person_go_with_their_unit(cast, signed_in):
    one, other = (
        make_org(name=name, kind=OrganizationKind.ENTERPRISE, parent=cast.dongtai) for name in "甲乙"
    )
    for org, state in ((one, "draft"), (other, "approved")):
        make_laureate(org=org, name="周海", birth_date="1970-05-01", review_state=state)
    answer = send(signed_in(cast.county), "organizations", one, other)
    assert answer.status_code == 422
    assert "周海" in answer.content.decode()
    assert Laureate.everything.count() == 2


@pytest.mark.parametrize("page", ["", "distinct/"])
@pytest.mark.parametrize("slug", SLUGS)
def test_a_number_no_column_holds_is_nowhere(slug, page, cast, signed_in):
    one, _ = pair(slug, cast.dongtai)
    client, huge = signed_in(cast.city), "9" * 25
    for keys in (f"{one.pk}/{huge}", f"{huge}/{one.pk}", f"{huge}/1{huge}"):
        where = f"/duplicates/{slug}/{keys}/{page}"
        assert client.post(where, {"reason": "x", "keep": "0"}).status_code == 404
        if not page:
            assert client.get(where).status_code == 404

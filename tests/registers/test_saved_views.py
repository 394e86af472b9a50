"""Views: kept, shared, stale, somebody else's; never more rows than the reader may see."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mofu.accounts.models import Role, TrailEntry
from mofu.registers.models import ListPreference, SavedView
from mofu.registers.register import REGISTERS
from tests.makers import made_id_number, make_laureate, make_org, make_user
from tests.registers.test_lists import workbook_of
from tests.specimens import specimen


def make_view(owner, slug="laureates", **values):
    values = {"name": "甲类名单", "columns": [["org", ""], ["name", "劳模姓名"]]} | values
    view = SavedView(owner=owner, slug=slug, **values)
    view.save()
    return view


def pks(response):
    return sorted(row.pk for row in response.context["rows"])


def test_what_the_list_shows_is_kept_under_a_name_and_shown_again(cast, signed_in):
    client = signed_in(cast.county)
    found = make_laureate(org=cast.dongtai, name="仇英", skill_level=6)
    make_laureate(org=cast.dongtai, name="张三", skill_level=3)
    client.post("/laureates/columns/", {"column": ["name", "note"], "size": 100})
    response = client.post("/laureates/views/", {"name": "仇姓", "query": "q=仇&sort=-name&org="})
    view = SavedView.objects.get()
    assert response.url == f"/laureates/?view={view.pk}"
    assert (view.query, view.sort, view.page_size) == ("q=%E4%BB%87", "-name", 100)
    assert view.columns == [["name", ""], ["note", ""]]
    client.post("/laureates/columns/", {"reset": "1"})
    shown = client.get(response.url)
    assert pks(shown) == [found.pk]
    assert [head.name for head in shown.context["columns"]] == ["name", "note"]
    assert "仇姓" in shown.content.decode()


def test_what_the_address_says_goes_before_the_view(cast, signed_in):
    make_laureate(org=cast.dongtai, name="仇英")
    zhang = make_laureate(org=cast.dongtai, name="张三")
    view = make_view(cast.county, query="q=仇")
    client = signed_in(cast.county)
    assert pks(client.get("/laureates/", {"view": view.pk, "q": "张"})) == [zhang.pk]
    assert len(pks(client.get("/laureates/", {"view": view.pk, "q": ""}))) == 2
    assert 'name="view"' in client.get("/laureates/", {"view": view.pk}).content.decode()


def test_a_private_view_of_somebody_else_is_not_found(cast, signed_in):
    view = make_view(cast.county)
    for user in (cast.other, cast.city):
        client = signed_in(user)
        assert client.get("/laureates/", {"view": view.pk}).status_code == 404
        assert client.get(f"/laureates/export/?view={view.pk}").status_code == 404
        assert client.get(f"/laureates/views/{view.pk}/").status_code == 404
        for action in ("save", "share", "delete", "default", "filters"):
            assert client.post(f"/laureates/views/{view.pk}/", {"action": action}).status_code == 404
        assert "甲类名单" not in client.get("/laureates/").content.decode()
    assert SavedView.objects.get() == view
    for wrong in ("99999", "abc", "1" * 30, "²"):
        assert signed_in(cast.county).get("/laureates/", {"view": wrong}).status_code == 404
    assert signed_in(cast.county).get("/workers/", {"view": view.pk}).status_code == 404


def test_a_shared_view_serves_the_unit_and_below_within_each_readers_scope(cast, signed_in):
    factory = make_org(parent=cast.dongtai, kind="enterprise")
    below, colleague = make_user(Role.COUNTY, factory), make_user(Role.COUNTY, cast.dongtai)
    make_laureate(org=cast.dongtai)
    mine = make_laureate(org=factory)
    make_laureate(org=cast.sheyang)
    view = make_view(cast.county, query="org=320924")
    everybody = make_view(cast.county, name="全部")
    for one in (view, everybody):
        signed_in(cast.county).post(f"/laureates/views/{one.pk}/", {"action": "share"})
    for user, count in ((colleague, 2), (below, 1)):
        client = signed_in(user)
        assert (
            pks(client.get("/laureates/", {"view": view.pk})) == []
        )  # another county's filter shows nothing
        assert len(pks(client.get("/laureates/", {"view": everybody.pk}))) == count
        for action in ("save", "unshare", "delete", "filters"):
            address = f"/laureates/views/{view.pk}/"
            assert client.post(address, {"action": action, "name": "改"}).status_code == 404
    assert pks(signed_in(below).get("/laureates/", {"view": everybody.pk})) == [mine.pk]
    for stranger in (cast.other, cast.city):
        assert signed_in(stranger).get("/laureates/", {"view": everybody.pk}).status_code == 404
    signed_in(cast.county).post(f"/laureates/views/{everybody.pk}/", {"action": "unshare"})
    assert signed_in(colleague).get("/laureates/", {"view": everybody.pk}).status_code == 404


def test_a_list_opens_with_the_default_view_unless_asked_otherwise(cast, signed_in):
    view, client = make_view(cast.county), signed_in(cast.county)
    client.post("/laureates/columns/", {"column": ["name"], "size": 20})
    client.post(f"/laureates/views/{view.pk}/", {"action": "default"})
    assert client.get("/laureates/").url == f"/laureates/?view={view.pk}"
    assert client.get("/laureates/?view=0").status_code == 200
    assert client.get("/laureates/", {"q": "张"}).status_code == 200
    client.post("/laureates/columns/", {"reset": "1"})
    assert client.get("/laureates/").status_code == 302
    client.post(f"/laureates/views/{view.pk}/", {"action": "no-default"})
    assert client.get("/laureates/").status_code == 200
    client.post(f"/laureates/views/{view.pk}/", {"action": "default"})
    client.post(f"/laureates/views/{view.pk}/", {"action": "delete"})
    assert client.get("/laureates/").status_code == 200
    assert ListPreference.objects.get(user=cast.county).view is None


def test_columns_are_moved_renamed_and_left_out(cast, signed_in):
    view, client = make_view(cast.county), signed_in(cast.county)
    address = f"/laureates/views/{view.pk}/"
    sent = {
        "name": "省系统", "title": "省劳模信息表", "sort": "-name", "page_size": "20", "column": ["org", "name", "sex"],
        "show-org": "on", "show-name": "on", "title-org": "所在单位", "title-name": "姓名",
    }  # fmt: skip
    assert client.post(address, sent | {"move": "down:org"}).url.startswith(address)
    view.refresh_from_db()
    assert view.columns == [["name", ""], ["org", "所在单位"]]
    client.post(address, sent | {"show-sex": "on", "move": "up:org"})
    view.refresh_from_db()
    assert view.columns == [["org", "所在单位"], ["name", ""], ["sex", ""]]
    client.post(address, sent)
    view.refresh_from_db()
    assert (view.name, view.title, view.sort, view.page_size) == ("省系统", "省劳模信息表", "-name", 20)
    make_laureate(org=cast.dongtai)
    listed = client.get("/laureates/", {"view": view.pk})
    assert [head.label for head in listed.context["columns"]] == ["所在单位", "姓名"]
    sheet = workbook_of(client.get("/laureates/", {"view": view.pk, "export": "xlsx"})).active
    assert sheet["A1"].value == "省劳模信息表"
    assert [cell.value for cell in sheet[3]] == ["序号", "所在单位", "姓名"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"column": []}, "至少选择一列"),
        ({"title-org": "甲", "title-name": "甲"}, "列名相同"),
        ({"name": ""}, ""),
        ({"name": "已有"}, "同名视图"),
        ({"sort": "nonsense"}, ""),
    ],
)
def test_a_faulty_view_is_not_saved(change, words, cast, signed_in):
    view = make_view(cast.county)
    make_view(cast.county, name="已有")
    sent = {"name": "新", "page_size": "20", "column": ["org", "name"], "show-org": "on", "show-name": "on"}
    response = signed_in(cast.county).post(f"/laureates/views/{view.pk}/", sent | change)
    assert response.status_code == 422
    assert words in response.content.decode()
    view.refresh_from_db()
    assert view.name == "甲类名单"


def test_the_same_name_twice_is_told(cast, signed_in):
    make_view(cast.county)
    response = signed_in(cast.county).post(
        "/laureates/views/", {"name": "甲类名单", "query": ""}, follow=True
    )
    assert "同名视图" in response.content.decode()
    assert SavedView.objects.count() == 1
    assert signed_in(cast.county).post("/laureates/views/", {"name": "", "query": ""}).status_code == 302
    assert SavedView.objects.count() == 1


@pytest.mark.parametrize("slug", list(REGISTERS))
def test_stale_columns_and_filters_are_left_out_with_a_note(slug, cast, signed_in):
    register = REGISTERS[slug]
    specimen(slug, cast.dongtai)
    columns = [["vanished", "旧列"], [next(iter(register.all_columns)), ""]]
    query = "gone=1&indicator=no.such&review_state=nonsense&kind=nonsense"
    view = make_view(cast.city, slug, columns=columns, query=query, sort="vanished")
    client = signed_in(cast.city)
    page = client.get(register.url("list"), {"view": view.pk})
    text = page.content.decode()
    assert "已不存在" in text
    assert "1 列已不存在" in text
    assert "指标已不存在" in text
    assert len(page.context["columns"]) == 1
    for address in (
        f"{register.url('list')}?view={view.pk}&export=xlsx",
        f"{register.url('export')}?view={view.pk}",
        register.url("view", view.pk),
    ):
        assert client.get(address).status_code == 200
    if register.reviewed:
        assert "审核状态" in text


def test_a_view_of_this_years_list_moves_on_with_the_year(cast, signed_in):
    client = signed_in(cast.city)
    client.post("/tasks/views/", {"name": "当年", "query": ""})
    client.post("/tasks/views/", {"name": "2024", "query": "year=2024"})
    assert dict(SavedView.objects.values_list("name", "query")) == {"当年": "", "2024": "year=2024"}


def test_a_view_takes_over_the_filters_now_in_use(cast, signed_in):
    view, client = make_view(cast.county, query="q=仇"), signed_in(cast.county)
    client.post(
        f"/laureates/views/{view.pk}/", {"action": "filters", "query": f"view={view.pk}&q=张&sort=sex"}
    )
    view.refresh_from_db()
    assert (view.query, view.sort) == ("q=%E5%BC%A0", "sex")
    assert view.columns == [["org", ""], ["name", "劳模姓名"]]


def test_the_pages_of_views_show_names_as_text(cast, signed_in):
    view = make_view(cast.county, name="<b>甲</b>", columns=[["name", "<i>名</i>"]])
    client = signed_in(cast.county)
    for address in (f"/laureates/?view={view.pk}", "/laureates/views/", f"/laureates/views/{view.pk}/"):
        text = client.get(address).content.decode()
        assert "<b>甲</b>" not in text
        assert "<i>名</i>" not in text
        assert "&lt;" in text


def test_the_menu_of_a_list_fetches_its_views_when_it_is_opened(cast, signed_in, django_assert_num_queries):
    client = signed_in(cast.county)
    with CaptureQueriesContext(connection) as without:
        client.get("/laureates/?view=0")
    for name in ("在职的", "退休的"):
        make_view(cast.county, name=name)
    make_view(cast.other, name="射阳的")
    with django_assert_num_queries(len(without)):
        listed = client.get("/laureates/?view=0").content.decode()
    assert "在职的" not in listed
    assert 'hx-get="/laureates/views/?' in listed
    lines = client.get("/laureates/views/", headers={"hx-request": "true"}).content.decode()
    assert ("在职的" in lines, "退休的" in lines, "射阳的" in lines, "<html" in lines) == (
        True,
        True,
        False,
        False,
    )
    assert (
        "在职的" in client.get("/laureates/views/").content.decode()
    )  # where the menu leads without JavaScript


@pytest.mark.parametrize(
    "number", [made_id_number(), "138 1234 5678", "６２２８４８０４０２５６４８９００１８"]
)
def test_a_number_is_neither_searched_nor_kept(number, cast, signed_in):
    """It would stand in the address, on the trail and in the view, in the clear."""
    make_laureate(org=cast.dongtai)
    client, view = signed_in(cast.county), make_view(cast.county)
    data = {"q": number, "sort": "name"}
    for wish in ({}, {"export": "xlsx"}, {"view": view.pk}):
        answer = client.get("/laureates/", data | wish, follow=True)
        page = answer.content.decode()
        assert "q=" not in answer.request["QUERY_STRING"]
        assert ("不能这样搜索" in page, number in page) == (True, False), wish
    for address in ("/laureates/export/", "/laureates/views/"):
        page = client.get(address, data, follow=True).content.decode()
        assert ("不能这样搜索" in page, number in page) == (True, False)
    query = urlencode(data)
    for address, wish in (
        ("/laureates/views/", {"name": "查找"}), (f"/laureates/views/{view.pk}/", {"action": "filters"}),
        ("/laureates/export/", {"columns": "list"}),
    ):  # fmt: skip
        answer = client.post(address, wish | {"query": query}, follow=True)
        assert "不能这样搜索" in answer.content.decode(), address
    assert SavedView.objects.get().query == ""
    told = str(list(TrailEntry.objects.values_list("reason", "changes_json")))
    assert number not in told
    assert quote(number) not in told
    assert not TrailEntry.objects.filter(action="exported").exists()


def test_a_view_that_was_kept_with_a_number_shows_the_list_without_it(cast, signed_in):
    person, number = make_laureate(org=cast.dongtai), made_id_number()
    view = make_view(cast.county, query=f"q={number}")
    answer = signed_in(cast.county).get("/laureates/", {"view": view.pk})
    assert pks(answer) == [person.pk]
    assert "没有采用" in answer.content.decode()
    assert number not in answer.content.decode()

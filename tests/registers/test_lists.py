"""What holds for the list of every register: query count, search, sort, filter, export."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from mofu.registers.masks import mask
from mofu.registers.models import ListPreference
from mofu.registers.register import REGISTERS
from tests.makers import made_id_number, make_laureate, make_org
from tests.specimens import CITY_WIDE, specimen

MOST_QUERIES = 15


def workbook_of(response):
    return load_workbook(BytesIO(b"".join(response.streaming_content)))


def _queries(client, address):
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address).status_code == 200
    return len(found)


@pytest.mark.parametrize("slug", list(REGISTERS))
def test_list_costs_the_same_queries_for_one_and_three_rows(slug, cast, signed_in):
    client = signed_in(cast.city)
    address = REGISTERS[slug].url("list")
    specimen(slug, cast.dongtai)
    one = _queries(client, address)
    specimen(slug, make_org())
    specimen(slug, make_org())
    assert _queries(client, address) == one <= MOST_QUERIES


@pytest.mark.parametrize("slug", list(REGISTERS))
def test_every_column_can_be_shown_and_sorted(slug, cast, signed_in):
    register = REGISTERS[slug]
    specimen(slug, cast.dongtai)
    specimen(slug, cast.sheyang)
    client = signed_in(cast.city)
    ListPreference.objects.create(user=cast.city, slug=slug, columns=list(register.all_columns))
    for name, column in register.all_columns.items():
        assert not column.label.isascii(), f"{name} has no Chinese label"
        for sort in (name, f"-{name}"):
            assert client.get(register.url("list"), {"sort": sort}).status_code == 200
    one = _queries(client, register.url("list"))
    specimen(slug, make_org())
    assert _queries(client, register.url("list")) == one


@pytest.mark.parametrize("slug", list(REGISTERS))
def test_export_holds_the_rows_and_heads_of_the_list(slug, cast, signed_in):
    register = REGISTERS[slug]
    records = [specimen(slug, cast.dongtai) for _ in range(2)]
    client = signed_in(cast.city)
    listed = client.get(register.url("list"))
    sheet = workbook_of(client.get(register.url("list"), {"export": "xlsx"})).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == f"{register.title}台账"
    assert "填报单位" in str(rows[1])
    assert "填报日期" in str(rows[1])
    header = next(row for row in rows if row[0] == "序号")
    assert list(header[1 : 1 + len(listed.context["columns"])]) == [
        head.label for head in listed.context["columns"]
    ]
    numbered = [row for row in rows if isinstance(row[0], int)]
    assert len(numbered) == listed.context["page_obj"].paginator.count >= len(records)
    assert sheet.freeze_panes is not None
    assert sheet.print_title_rows


@pytest.mark.parametrize("slug", [slug for slug in REGISTERS if slug not in CITY_WIDE])
def test_export_of_a_county_holds_its_own_rows_only(slug, cast, signed_in):
    register = REGISTERS[slug]
    specimen(slug, cast.dongtai)
    specimen(slug, cast.sheyang)
    client = signed_in(cast.county)
    count = client.get(register.url("list")).context["page_obj"].paginator.count
    sheet = workbook_of(client.get(register.url("list"), {"export": "xlsx"})).active
    exported = [row for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int)]
    assert len(exported) == count
    assert "射阳县" not in str(exported)


@pytest.mark.parametrize("slug", list(REGISTERS))
def test_every_declared_filter_answers_in_chinese(slug, cast, signed_in):
    register = REGISTERS[slug]
    response = signed_in(cast.city).get(register.url("list"), {"q": "不存在", "year": 2024, "org": "320981"})
    text = response.content.decode()
    assert "Unknown" not in text
    assert "---------" not in text
    for field in response.context["filterset"].form:
        assert not str(field.label).isascii(), field.name


def test_search_finds_name_initials_and_unit(cast, signed_in):
    client = signed_in(cast.city)
    shan = make_laureate(name="单雄信", org=cast.dongtai)
    make_laureate(name="王伟", org=cast.sheyang)
    for text in ("单雄", "sxx", "SXX", "东台"):
        rows = client.get("/laureates/", {"q": text}).context["rows"]
        assert [row.pk for row in rows] == [shan.pk], text


def test_list_is_sorted_by_pinyin_of_the_name(cast, signed_in):
    for name in ("张三", "李四", "仇英", "王五"):
        make_laureate(name=name, org=cast.dongtai)
    rows = signed_in(cast.city).get("/laureates/").context["rows"]
    assert [row.cells[0] for row in rows] == ["李四", "仇英", "王五", "张三"]


def test_page_size_and_page_are_kept_to_what_exists(cast, signed_in):
    for _ in range(25):
        make_laureate(org=cast.dongtai)
    client = signed_in(cast.city)
    assert len(client.get("/laureates/", {"size": 20}).context["rows"]) == 20
    assert len(client.get("/laureates/", {"size": 20, "page": 2}).context["rows"]) == 5
    assert len(client.get("/laureates/", {"size": 20, "page": 99}).context["rows"]) == 5
    assert len(client.get("/laureates/", {"size": "all"}).context["rows"]) == 25


def test_chosen_columns_are_kept_for_the_user_alone(cast, signed_in):
    make_laureate(org=cast.dongtai)
    client = signed_in(cast.city)
    client.post("/laureates/columns/", {"column": ["name", "note"], "size": 100})
    assert [head.name for head in client.get("/laureates/").context["columns"]] == ["name", "note"]
    assert len(signed_in(cast.county).get("/laureates/").context["columns"]) > 2
    client.post("/laureates/columns/", {"reset": "1"})
    assert len(client.get("/laureates/").context["columns"]) > 2


def test_empty_list_offers_the_first_step(cast, signed_in):
    assert "还没有记录" in signed_in(cast.city).get("/laureates/").content.decode()
    assert "没有符合条件" in signed_in(cast.city).get("/laureates/", {"q": "无此人"}).content.decode()


def test_unknown_unit_in_the_address_shows_nothing(cast, signed_in):
    make_laureate(org=cast.dongtai)
    client = signed_in(cast.county)
    assert not client.get("/laureates/", {"org": "320924"}).context["rows"]
    assert len(client.get("/laureates/", {"org": "320981"}).context["rows"]) == 1


def test_personal_numbers_are_masked_in_list_and_export(cast, signed_in):
    number = made_id_number()
    make_laureate(org=cast.dongtai, id_number=number, phone="13900001234")
    register = REGISTERS["laureates"]
    ListPreference.objects.create(user=cast.city, slug="laureates", columns=list(register.all_columns))
    client = signed_in(cast.city)
    page = client.get("/laureates/").content.decode()
    sheet = str(list(workbook_of(client.get("/laureates/", {"export": "xlsx"})).active.values))
    for text in (page, sheet):
        assert number not in text
        assert "13900001234" not in text
        assert mask("id_number", number) in text


@pytest.mark.parametrize("slug", list(REGISTERS))
def test_every_cell_names_its_column_for_the_phone(slug, cast, signed_in):
    """On a phone a row is a card: the first cell its title, the others beside the label that they carry."""
    specimen(slug, cast.dongtai)
    response = signed_in(cast.city).get(REGISTERS[slug].url("list"))
    labels = [head.label for head in response.context["columns"]]
    for row in response.context["rows"]:
        assert LABEL.findall(row.html) == labels[1:]
        assert row.html.count("<th") == 1


LABEL = re.compile(r'<td data-label="([^"]+)"')


def test_empty_cells_are_left_without_content(cast, signed_in):
    make_laureate(org=cast.dongtai, position="")
    row = signed_in(cast.city).get("/laureates/").context["rows"][0]
    assert '<td data-label="职务"></td>' in row.html

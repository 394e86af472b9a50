"""Texts that look like formulas stay text in every workbook that is no export of a register (those: tests/registers/test_exports.py)."""

from __future__ import annotations

import csv
import re
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from openpyxl import load_workbook

from actions.reports.kinds import KINDS
from models_app.models import Laureate
from mofu.accounts.models import User
from mofu.documents.csv_text import LEAD_INS
from mofu.registers.register import REGISTERS
from mofu.registers.sheets.reading import read
from tests.makers import PASSWORD, make_org
from tests.planted import planting
from tests.registers.formula_texts import FORMULA_TEXTS
from tests.registers.sheets_of import workbook_bytes

OWN = re.compile(
    r"=(SUM|SUBTOTAL)\([A-Z0-9:$,]+\)|=IF\([A-Z0-9:$,/*+() =\"<>]+\)"
)  # totals of our own tables
PAGES = ("/actions/", "/actions/six-ins/", "/actions/assist-enterprise/", "/actions/mentoring/", "/actions/craftsmen/", "/actions/double-strive/", "/people/")  # fmt: skip


def body(response):
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


def formulas(content):
    """The formulas of a workbook that are none of our own totals."""
    book = load_workbook(BytesIO(content))
    cells = (cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    return [
        (cell.coordinate, cell.value)
        for cell in cells
        if cell.data_type == "f" and not OWN.fullmatch(str(cell.value))
    ]


def strings(content):
    return {
        str(value)
        for sheet in load_workbook(BytesIO(content))
        for row in sheet.iter_rows(values_only=True)
        for value in row
        if value is not None
    }


def test_refused_rows_come_back_as_text_and_are_read_as_they_were(cast, signed_in):
    client = signed_in(cast.city)
    rows = [
        ["姓名", "工作单位", "类别", "职务"],
        *([f"张{n}", "东台市", "无此类别", text] for n, text in enumerate(FORMULA_TEXTS)),
    ]
    upload = SimpleUploadedFile("=1+1.xlsx", workbook_bytes(*rows, title="=1"))
    batch = client.post("/laureates/import/", {"file": upload}).url
    content = body(client.get(f"{batch}refused.xlsx"))
    assert formulas(content) == []
    given = {row[0]: row[3] for _, row in read("a.xlsx", workbook_bytes(*rows))[0].rows}
    back = {row[0]: row[3] for _, row in read("a.xlsx", content)[0].rows}
    assert len(back) == len(rows)
    assert {name: text for name, text in back.items() if name in given} == given


@pytest.mark.parametrize("slug", ["laureates", "events", "workers"])
def test_names_in_a_template_stay_text(slug, cast, signed_in):
    for text in FORMULA_TEXTS:
        make_org(name=text, parent=cast.dongtai)
    content = body(signed_in(cast.city).get(REGISTERS[slug].url("template")))
    assert formulas(content) == []
    assert "=1+1" in strings(content)


@pytest.fixture
def planted(transactional_db):
    call_command("load_demo", laureates=40, password=PASSWORD, verbosity=0)
    planting.plant(FORMULA_TEXTS)
    return User.objects.get(username="city")


def test_reports_and_pages_hold_no_formula_of_anybodys(planted, signed_in):
    client, said = signed_in(planted), set()
    questions = {"action": "subject=six-ins", "board": "org=320981"}
    for code, kind in KINDS.items():
        if "xlsx" in kind.suffixes:
            content = body(client.get(f"/reports/{code}/file.xlsx?{questions.get(code, '')}"))
            assert formulas(content) == [], code
            said |= strings(content)
    for page in PAGES:
        content = body(client.get(f"{page}?export=xlsx"))
        assert formulas(content) == [], page
        said |= strings(content)
    names = set(Laureate.everything.values_list("name", flat=True))
    assert len({name for name in names if name.startswith(("=", "+", "-", "@")) and name in said}) >= 5


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_export_of_the_trail_holds_no_formula(kind, cast, signed_in):
    planting.plant_trail(FORMULA_TEXTS, cast.dongtai, cast.city)
    content = body(signed_in(cast.auditor).post("/trail/export/", {"format": kind}))
    if kind == "xlsx":
        assert formulas(content) == []
        return
    cells = [cell for row in csv.reader(StringIO(content.decode("utf-8-sig"))) for cell in row]
    assert len(cells) > len(FORMULA_TEXTS)
    assert [cell for cell in cells if cell.strip(" \u00a0\u3000").startswith(LEAD_INS)] == []

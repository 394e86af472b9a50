"""Every exported file says who took it out, of which unit, when, and under which number the trail knows it."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from mofu.accounts.models import TrailEntry
from mofu.documents.pdf import pdf_available
from tests.makers import make_laureate

MARK = re.compile(r"制表人：.+　制表时间：\d{4}-\d\d-\d\d \d\d:\d\d　单位：(.+)　编号：([0-9A-F]{8})")


def content(response):
    return b"".join(response.streaming_content)


def in_trail(code):
    return TrailEntry.objects.filter(action="exported", reason__contains=f"编号：{code}").count()


def test_a_ledger(cast, signed_in):
    make_laureate(org=cast.dongtai)
    made = content(signed_in(cast.county).get("/laureates/", {"export": "xlsx"}))
    book = load_workbook(BytesIO(made))
    unit, code = MARK.search(book.properties.description).groups()
    assert (unit, in_trail(code)) == ("东台市", 1)
    assert code in book.active.oddFooter.left.text
    assert any(code in str(cell) for row in book.active.iter_rows(values_only=True) for cell in row if cell)


def test_two_exports_have_two_numbers(cast, signed_in):
    client = signed_in(cast.county)
    codes = {
        MARK.search(
            load_workbook(BytesIO(content(client.get("/laureates/?export=xlsx")))).properties.description
        )[2]
        for _ in range(2)
    }
    assert len(codes) == 2


def test_an_export_by_command(cast, tmp_path):
    call_command("export_register", "laureates", tmp_path / "out.xlsx", user="county")
    properties = ZipFile(tmp_path / "out.xlsx").read("docProps/core.xml").decode()
    assert in_trail(MARK.search(properties)[2]) == 1


@pytest.mark.parametrize("count", [1, 2])
def test_papers_that_name_people(cast, signed_in, count):
    people = [make_laureate(org=cast.dongtai, name=f"仇英{number}") for number in range(count)]
    query = "&".join(f"pk={person.pk}" for person in people)
    client = signed_in(cast.county)
    paper = Document(BytesIO(content(client.get(f"/reports/registration/file.docx?{query}"))))
    code = MARK.search(paper.core_properties.comments)[2]
    assert in_trail(code) == 1
    assert code in paper.sections[0].footer.paragraphs[-1].text
    if not pdf_available():
        pytest.skip("no Pango here")
    pages = PdfReader(BytesIO(content(client.get(f"/reports/registration/file.pdf?{query}"))))
    code = MARK.search(pages.metadata.subject)[2]
    assert in_trail(code) == 1
    for page in pages.pages:
        assert code in page.extract_text()


def test_a_roster_as_workbook_and_a_figure_workbook(cast, signed_in):
    make_laureate(org=cast.dongtai)
    for address in ("/reports/roster/file.xlsx", "/people/?export=xlsx"):
        book = load_workbook(BytesIO(content(signed_in(cast.city).get(address))))
        code = MARK.search(book.properties.description)[2]
        assert in_trail(code) == 1
        assert code in book.worksheets[0].oddFooter.left.text


def test_an_official_paper_keeps_its_foot_and_says_it_in_its_properties(cast, signed_in):
    made = content(signed_in(cast.city).get("/reports/annual/file.docx"))
    paper = Document(BytesIO(made))
    assert MARK.search(paper.core_properties.comments)
    assert "编号" not in "".join(paragraph.text for paragraph in paper.sections[0].footer.paragraphs)

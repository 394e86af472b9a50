"""Rare characters of GB 18030 from a county's file to list, search, workbook, Word and PDF."""

from __future__ import annotations

from io import BytesIO

import docx
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from models_app.models import Laureate
from mofu.documents.pdf import pdf_available

NAMES = ("马兰䶮", "𣲗明", "㛃玉", "镕𬭎", "王〇")


def body(response):
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("codec", ["gb18030", "utf-8", "utf-16"])
def test_names_survive_all_the_way(codec, cast, signed_in):
    client = signed_in(cast.city)
    lines = ["姓名,工作单位,类别", *(f"{name},东台市,劳动模范" for name in NAMES)]
    upload = SimpleUploadedFile("花名册.csv", "\r\n".join(lines).encode(codec))
    batch = client.post("/laureates/import/", {"file": upload}).url
    client.post(batch, {"action": "draft"})
    assert set(Laureate.everything.values_list("name", flat=True)) == set(NAMES)
    page = client.get("/laureates/").content.decode()
    sheet = load_workbook(BytesIO(body(client.get("/laureates/?export=xlsx"))))
    cells = {cell for row in sheet.active.iter_rows(values_only=True) for cell in row}
    keys = "&".join(f"pk={person.pk}" for person in Laureate.everything.all())
    word = docx.Document(BytesIO(body(client.get(f"/reports/registration/file.docx?{keys}"))))
    printed = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    for name in NAMES:
        assert name in page
        assert name in cells
        assert name in printed
        assert name in client.get("/laureates/", {"q": name}).content.decode()
    if pdf_available():
        made = pypdf.PdfReader(BytesIO(body(client.get(f"/reports/registration/file.pdf?{keys}"))))
        text = "".join(page.extract_text() for page in made.pages)
        assert [name for name in NAMES if name not in text] == []

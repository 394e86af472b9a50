import importlib.abc
import io
import logging
import re
import sys

import pypdf
import pytest

from mofu.documents import pdf
from mofu.documents.print_layout import Layout
from mofu.documents.report import Picture, Section, Table

from .sample import RARE, make_report

needs_pango = pytest.mark.skipif(not pdf.pdf_available(), reason="Pango is not installed on this machine")


@pytest.fixture(scope="module")
def reader():
    return pypdf.PdfReader(io.BytesIO(pdf.to_pdf(make_report())))


def text_of(reader):
    return re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))


def fonts_of(reader):
    found = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].get_object().values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            found[font.get_object()["/BaseFont"]] = inner["/FontDescriptor"].get_object()
    return found


def titles(outline):
    return [titles(entry) if isinstance(entry, list) else entry.title for entry in outline]


@needs_pango
def test_text_survives_rare_characters_included(reader):
    text = text_of(reader)
    for expected in (
        RARE,
        "第二段<b>&。",
        "表1目标完成情况",
        "=指标0",
        "50%",
        "2024年6月22日",
        "合计1125",
        "2026年6月2日",
    ):
        assert expected in text
    assert "表格说明" not in text


@needs_pango
def test_title_language_and_outline(reader):
    assert reader.metadata.title == "盐城市劳模工匠年度工作报告"
    assert reader.metadata.author == "盐城市劳模协会"
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    assert titles(reader.outline) == [
        "一、总体情况",
        "二、“六进”行动",
        ["（一）进企业宣讲"],
        "三、名册",
        "四、只在纸上",
    ]


@needs_pango
def test_only_bundled_fonts_embedded_and_subset(reader):
    fonts = fonts_of(reader)
    assert all(re.match(r"/[A-Z]{6}\+(Noto-S(erif|ans)-SC|Mofu-)", name) for name in fonts), fonts.keys()
    assert all("/FontFile2" in descriptor for descriptor in fonts.values())


@needs_pango
def test_pages_are_numbered_and_long_tables_repeat_their_header(reader):
    pages = [re.sub(r"\s", "", page.extract_text()) for page in reader.pages]
    for number, page in enumerate(pages, start=1):
        assert f"—{number}—" in page
    roster = [page for page in pages if "人员" in page]
    assert len(roster) > 1
    assert all("姓名效益（万元）" in page for page in roster)


@needs_pango
def test_only_the_wide_section_is_turned(reader):
    turned = [page.mediabox.width > page.mediabox.height for page in reader.pages]
    assert turned[0] is False
    assert turned[-1] is False
    assert any(turned)


@needs_pango
def test_empty_table_says_so():
    report = make_report(Section("空", blocks=[Table("空表", ["甲", "乙"], [])]), roster_rows=1)
    assert "无记录" in text_of(pypdf.PdfReader(io.BytesIO(pdf.to_pdf(report))))


@needs_pango
@pytest.mark.parametrize(
    "tag",
    [
        '<link rel="attachment" href="{address}">',
        '<img src="{address}">',
        '<link rel="stylesheet" href="{address}">',
        '<style>@import url("{address}");</style>',
        '<object data="{address}"></object>',
    ],
)
@pytest.mark.parametrize("scheme", ["file", "http", "data"])
def test_nothing_unregistered_is_loaded(tag, scheme, tmp_path, caplog):
    secret = tmp_path / "secret.txt"
    secret.write_text("机密内容")
    address = {
        "file": secret.as_uri(),
        "http": "http://127.0.0.1:9/secret",
        "data": "data:text/plain,secret",
    }[scheme]
    with caplog.at_level(logging.DEBUG, logger="weasyprint"):
        made = pdf.html_to_pdf(f"<html><body>文{tag.format(address=address)}</body></html>")
    assert "ResourceDenied" in caplog.text
    assert not pypdf.PdfReader(io.BytesIO(made)).attachments


@needs_pango
def test_registered_resource_is_loaded():
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="80" height="20"><text x="0" y="15">chart</text></svg>'
    made = pdf.html_to_pdf('<img src="mofu-x:1">', resources={"mofu-x:1": (svg, "image/svg+xml")})
    assert "chart" in text_of(pypdf.PdfReader(io.BytesIO(made)))


@needs_pango
def test_print_stylesheet_holds_nothing_weasyprint_refuses(caplog):
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        pdf.html_to_pdf("<p>正文</p>")
    assert not caplog.records


class _NoPango(importlib.abc.MetaPathFinder):
    """Behaves as the import does on a machine without Pango."""

    def find_spec(self, name, path=None, target=None):
        if name == "weasyprint":
            sys.stdout.write("WeasyPrint could not import some external libraries.")
            raise OSError("cannot load library 'libpango-1.0-0'")


def test_missing_pango_is_explained_in_chinese(monkeypatch, capsys):
    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [_NoPango(), *sys.meta_path])
    assert not pdf.pdf_available()
    with pytest.raises(pdf.PdfUnavailable, match=r"libpango-1\.0-0 libpangoft2-1\.0-0"):
        pdf.to_pdf(make_report())
    assert capsys.readouterr().out == ""


def test_outlined_labels_of_charts_keep_their_letters():
    label = (
        '<text fill="#333" stroke="rgb(255,255,255)" stroke-width="2" paint-order="stroke" y="6">12</text>'
    )
    line = '<path stroke="#000" stroke-width="1"/>'
    layout = Layout()
    layout.context(make_report(Section("图", blocks=[Picture(f"<svg>{label}{line}</svg>")])))
    drawn = layout.pictures["mofu-picture:2"][0].decode()
    assert '<text fill="#333" paint-order="stroke" y="6">12</text>' in drawn
    assert line in drawn

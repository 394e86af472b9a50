"""The figures of GB/T 9704-2012, measured in the files themselves."""

import io
import itertools
import re
from dataclasses import replace

import docx
import pypdf
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from mofu.documents import pdf
from mofu.documents.report import Annex, Form, Formalities, FormCell, Paragraph, Section, Table, title_lines
from mofu.documents.word import to_docx
from mofu.documents.word_formalities import signature_indents

from .sample import DAY, RARE, make_report

needs_pango = pytest.mark.skipif(not pdf.pdf_available(), reason="Pango is not installed on this machine")
MM = 72 / 25.4
WIDTH, HEIGHT = 595.28, 841.89
FULL_LINE = "大力弘扬劳模精神劳动精神工匠精神充分发挥示范引领作用" * 60  # no mark that could widen a line
FORMAL = Formalities(
    "盐城市劳模协会文件",
    "盐劳协〔2026〕1号",
    "各县（市、区）劳模协会",
    "联系人：张三",
    "市总工会",
    "协会秘书处",
    DAY,
)


def paper(**changes):
    annexes = [
        Annex("排名表", [Section("", numbered=False, blocks=[Table("", ["名次", "板块"], [[1, "东台市"]])])]),
        Annex("名单", [Section("", numbered=False, blocks=[Paragraph("王䶮")])]),
    ]
    sections = [
        Section("总体情况", blocks=[Paragraph(FULL_LINE), Paragraph(RARE)]),
        Section("二级", 2), Section("三级", 3), Section("四级", 4),
    ]  # fmt: skip
    return replace(
        make_report(), subtitle="", sections=sections, formalities=FORMAL, annexes=annexes, **changes
    )


def pieces(page):
    """Return (text, x and y in points from the lower left, size, font) of every piece of text of a page."""
    found = []

    def visit(text, cm, tm, font, size):
        if text.strip():
            x, y = tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]
            found.append((text.strip(), x, y, abs(size * tm[3] * cm[3]), (font or {}).get("/BaseFont", "")))

    page.extract_text(visitor_text=visit)
    return found


@pytest.fixture(scope="module")
def reader():
    return pypdf.PdfReader(io.BytesIO(pdf.to_pdf(paper())))


def body_lines(page):
    return [piece for piece in pieces(page) if "—" not in piece[0]]


@needs_pango
def test_a_page_has_22_lines_of_28_characters_within_the_margins(reader):
    page = reader.pages[1]
    lines = [piece for piece in body_lines(page) if len(piece[0]) > 1]
    assert len(lines) == 22
    assert {len(text) for text, *_ in lines} == {28}
    assert {round(x / MM, 1) for _, x, *_ in lines} == {28.0}
    pitches = {round(upper[2] - lower[2], 1) for upper, lower in itertools.pairwise(lines)}
    assert pitches == {28.9}
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(
        (WIDTH, HEIGHT), abs=0.1
    )


@needs_pango
def test_text_lies_between_37_and_262_millimetres(reader):
    lines = body_lines(reader.pages[1])
    top, bottom = (HEIGHT - lines[0][2]) / MM, (HEIGHT - lines[-1][2]) / MM
    assert 37 < top < 37 + 28.9 / MM
    assert 262 - 28.9 / MM < bottom < 262


@needs_pango
def test_sizes_and_faces_by_level(reader):
    told = {text: (round(size), font) for page in reader.pages for text, _, _, size, font in pieces(page)}
    assert told["盐城市劳模工匠年度工作报告"][0] == 22
    assert told["一、总体情况"][0] == told["（一）二级"][0] == told["1.三级"][0] == told["（1）四级"][0] == 16
    faces = [
        told[text][1].partition("+")[2] for text in ("一、总体情况", "（一）二级", "1.三级", "（1）四级")
    ]
    assert len(set(faces[:3])) == 3
    assert faces[2] == faces[3]


@needs_pango
def test_page_numbers_stand_outside_one_character_in(reader):
    for number, page in enumerate(reader.pages, start=1):
        found = [piece for piece in pieces(page) if piece[0].replace(" ", "").startswith("—")]
        [(_, x, y, size, _)] = found[:1]
        assert round(size) == 14
        if number % 2:
            assert x > WIDTH / 2
        else:
            assert x == pytest.approx(28 * MM + 14, abs=0.5)
        assert y == pytest.approx(35 * MM - 7 * MM - 5, abs=2.0)  # the base line, five points below the dash


@needs_pango
def test_text_of_the_paper_is_whole_rare_characters_included(reader):
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))
    text = re.sub(r"—\d+—", "", text)
    for expected in (
        "盐城市劳模协会文件", "盐劳协〔2026〕1号", "各县（市、区）劳模协会：", FULL_LINE, RARE, "附件：1.排名表2.名单",
        "盐城市劳模协会2026年6月2日（联系人：张三）", "附件1排名表", "附件2名单王䶮", "抄送：市总工会。",
        "2026年6月2日印发",
    ):  # fmt: skip
        assert expected in text, expected[:40]
    assert "\ufffd" not in text


@needs_pango
def test_annexes_begin_pages_and_the_imprint_ends_the_last(reader):
    starts = [pieces(page)[0][0] for page in reader.pages]
    assert [text for text in starts if text.startswith("附件")] == ["附件1", "附件2"]
    last = {text: y for text, _, y, _, _ in pieces(reader.pages[-1])}
    [printed] = [y for text, y in last.items() if "印发" in text]
    assert 35 * MM < printed < 35 * MM + 20
    assert "排名表" in str([entry.title for entry in reader.outline if not isinstance(entry, list)])


@needs_pango
def test_an_ordinary_paper_bears_no_head_and_no_imprint():
    plain = replace(paper(), formalities=Formalities(), annexes=())
    text = pypdf.PdfReader(io.BytesIO(pdf.to_pdf(plain))).pages[0].extract_text()
    assert "文件" not in text
    assert "印发" not in text


@needs_pango
def test_loose_leaves_bear_no_numbers_and_begin_pages():
    form = Form([1, 2], [(12, [FormCell("姓名", is_label=True), FormCell("㛃玉")])])
    leaves = [Section("", numbered=False, blocks=[form], new_page=True) for _ in range(3)]
    report = replace(paper(), sections=leaves, annexes=(), formalities=Formalities(), loose_leaves=True)
    pages = pypdf.PdfReader(io.BytesIO(pdf.to_pdf(report))).pages
    assert [re.sub(r"\s", "", page.extract_text()) for page in pages] == ["姓名㛃玉"] * 3
    document = docx.Document(io.BytesIO(to_docx(report)))
    assert [[cell.text for cell in table.rows[0].cells] for table in document.tables] == [
        ["姓名", "㛃玉"]
    ] * 3
    assert not document.sections[0].footer.paragraphs[0].text


def test_word_carries_the_same_formalities_in_styles():
    document = docx.Document(io.BytesIO(to_docx(paper())))
    told = [(p.style.name, p.text) for p in document.paragraphs if p.text]
    assert told[:4] == [
        ("发文机关标志", "盐城市劳模协会文件"), ("发文字号", "盐劳协〔2026〕1号"),
        ("Title", "盐城市劳模工匠年度工作报告"), ("主送机关", "各县（市、区）劳模协会："),
    ]  # fmt: skip
    at = told.index(("附件说明", "附件：1.排名表"))
    assert told[at : at + 8] == [
        ("附件说明", "附件：1.排名表"), ("附件说明", "2.名单"), ("落款", "盐城市劳模协会"), ("落款", "2026年6月2日"),
        ("Normal", "（联系人：张三）"), ("附件序号", "附件1"), ("Title", "排名表"), ("附件序号", "附件2"),
    ]  # fmt: skip
    imprint = document.tables[-1]
    assert [[cell.text for cell in row.cells] for row in imprint.rows] == [
        ["抄送：市总工会。", "抄送：市总工会。"], ["协会秘书处", "2026年6月2日印发"],
    ]  # fmt: skip
    assert imprint._tbl.tblPr.find(qn("w:tblpPr")).get(qn("w:tblpYSpec")) == "bottom"


def test_28_characters_fit_into_a_line_of_word():
    document = docx.Document(io.BytesIO(to_docx(paper())))
    normal, section = document.styles["Normal"], document.sections[0]
    spacing = int(normal.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    room = (section.page_width - section.left_margin - section.right_margin) / Pt(1)
    assert 28 * (16 + spacing) <= room < 29 * (16 + spacing)
    assert normal.paragraph_format.line_spacing == Pt(28.9)
    assert 22 * Pt(28.9) <= section.page_height - section.top_margin - section.bottom_margin < 23 * Pt(28.9)
    assert round((section.bottom_margin - section.footer_distance) / Mm(1), 1) == 9.4


def test_the_issuer_stands_above_the_middle_of_the_date():
    issuer, date = signature_indents("盐城市劳模协会", "2026年6月2日")
    assert date == 64
    assert issuer + 7 * 16 / 2 == date + (6 * 8 + 3 * 16) / 2


def test_a_form_whose_boxes_do_not_fill_its_rows_is_refused():
    with pytest.raises(ValueError, match="列数不一致"):
        Form([1, 1, 1], [(10, [FormCell("甲", across=2)])])


def test_boxes_that_reach_down_are_left_out_below():
    form = Form([1, 1], [(10, [FormCell("甲"), FormCell("乙", down=2)]), (10, [FormCell("丙")])])
    assert list(form.texts) == ["甲", "乙", "丙"]
    report = replace(paper(), sections=[Section("", blocks=[form], numbered=False)], annexes=())
    table = docx.Document(io.BytesIO(to_docx(report))).tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["甲", "乙"], ["丙", "乙"]]


@needs_pango
def test_many_leaves_are_laid_out_in_parts_and_joined(monkeypatch):
    monkeypatch.setattr(pdf, "LEAVES", 2)
    leaves = [
        Section("", numbered=False, blocks=[Form([1], [(12, [FormCell(f"第{n}份䶮")])])], new_page=True)
        for n in range(5)
    ]
    report = replace(
        paper(),
        sections=leaves,
        annexes=(),
        formalities=Formalities(),
        loose_leaves=True,
        title="登记表（5人）",
    )
    told = []
    reader = pypdf.PdfReader(io.BytesIO(pdf.to_pdf(report, lambda done, total: told.append((done, total)))))
    assert [re.sub(r"\s", "", page.extract_text()) for page in reader.pages] == [
        f"第{n}份䶮" for n in range(5)
    ]
    assert told == [(0, 5), (2, 5), (4, 5)]
    assert reader.metadata.title == "登记表（5人）"
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"


def test_a_long_title_breaks_where_words_end():
    assert title_lines("关于2026年第三季度五大行动工作进展情况的通报", 20) == [
        "关于2026年第三季度",
        "五大行动工作进展情况的通报",
    ]
    assert title_lines("2026年“弘扬劳模精神 勇当碳路先锋”五大行动工作报告", 20) == [
        "2026年“弘扬劳模精神", "勇当碳路先锋”五大行动工作报告",
    ]  # fmt: skip
    assert title_lines("东台市2026年第三季度五大行动工作情况报告", 20) == [
        "东台市2026年第三季度", "五大行动工作情况报告",
    ]  # fmt: skip
    assert title_lines("短标题", 20) == ["短标题"]
    assert all(len(line) <= 20 for line in title_lines("长" * 75, 20))


def one_line_pages(*sections, annexes=()):
    report = replace(paper(), formalities=Formalities(), sections=sections, annexes=annexes)
    found = pypdf.PdfReader(io.BytesIO(pdf.to_pdf(report)))
    return [re.sub(r"\s", "", page.extract_text()) for page in found.pages]


@needs_pango
@pytest.mark.parametrize("lines", range(14, 24))
def test_no_page_bears_the_signature_without_text(lines):
    """The blank line, the list of annexes and the signature take a line of the text along."""
    text = "\n".join(f"第{number}段到此为止。" for number in range(lines))
    pages = one_line_pages(Section("", numbered=False, blocks=[Paragraph(text)]), annexes=paper().annexes)
    [signed] = [page for page in pages if "2026年6月2日" in page]
    assert "到此为止" in signed


@needs_pango
@pytest.mark.parametrize("lines", range(6, 15))
def test_a_table_goes_on_with_three_rows_or_more(lines):
    text = "\n".join(f"第{number}段。" for number in range(lines))
    rows = [[f"板块{number:02}", number] for number in range(13)]
    pages = one_line_pages(
        Section("", numbered=False, blocks=[Paragraph(text), Table("分板块", ["板块", "数"], rows)])
    )
    counts = [page.count("板块") - ("分板块" in page) - ("板块数" in page) for page in pages]
    assert sum(counts) == 13
    assert all(count == 0 or count >= 3 for count in counts), counts

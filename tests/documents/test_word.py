import io
from dataclasses import replace

import docx
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from PIL import Image

from mofu.documents.report import Annex, Paragraph, Picture, Section, Table
from mofu.documents.word import to_docx

from .sample import RARE, SVG, make_report


def reopen(report):
    return docx.Document(io.BytesIO(to_docx(report)))


def test_text_headings_and_signature_in_their_styles():
    told = [(p.style.name, p.text) for p in reopen(make_report()).paragraphs if p.text]
    assert told[:3] == [
        ("Title", "盐城市劳模工匠年度工作报告"),
        ("Subtitle", "（2026年度）"),
        ("Heading 1", "一、总体情况"),
    ]
    assert ("Normal", f"生僻字：{RARE}。") in told
    assert ("Normal", "第二段<b>&。") in told
    assert ("Heading 2", "（一）进企业宣讲") in told
    assert ("Caption", "表2　花名册") in told
    assert told[-2:] == [("落款", "盐城市劳模协会"), ("落款", "2026年6月2日")]
    assert not [text for _, text in told if "表格说明" in text]


def test_styles_carry_chinese_faces_and_fixed_lines():
    styles = reopen(make_report()).styles
    faces = {
        name: styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("Title", "Heading 1", "Heading 2", "Normal")
    }
    assert list(faces.values()) == ["方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"]
    assert styles["Title"].font.size == Pt(22)
    assert styles["Normal"].font.size == Pt(16)
    assert styles["Normal"].paragraph_format.line_spacing == Pt(28.9)
    assert styles["Normal"].paragraph_format.first_line_indent == Pt(32)


def test_page_of_an_official_paper_turned_for_wide_tables():
    document = reopen(make_report())
    first = document.sections[0]
    margins = [first.top_margin, first.right_margin, first.bottom_margin, first.left_margin]
    assert [round(margin.mm) for margin in margins] == [37, 26, 35, 28]
    assert [section.page_width > section.page_height for section in document.sections] == [False, True, False]
    assert document.settings.odd_and_even_pages_header_footer
    assert first.footer.paragraphs[0].text.startswith("— ")
    assert "PAGE" in first.even_page_footer._element.xml


def test_tables_repeat_their_header_and_do_not_split_rows():
    targets, roster = reopen(make_report()).tables
    assert [cell.text for cell in targets.rows[1].cells] == ["=指标0", "50", "50%", "2024年6月22日"]
    header = roster.rows[0]._tr.trPr
    assert header.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in roster.rows)
    assert roster.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None
    assert [cell.text for cell in roster.rows[-1].cells] == ["合计", "1125"]
    assert sum(column.width for column in targets.columns) <= Mm(156)


def test_empty_table_says_so():
    table = reopen(make_report(Section("空", blocks=[Table("空表", ["甲", "乙"], [])]))).tables[-1]
    assert [cell.text for cell in table.rows[1].cells] == ["无记录", "无记录"]  # one cell over both columns


def test_pictures_are_shown_with_their_captions():
    png = io.BytesIO()
    Image.new("RGB", (40, 20)).save(png, "PNG")
    document = reopen(make_report(Section("图", blocks=[Picture(SVG, "有图", png.getvalue())])))
    assert len(document.inline_shapes) == 2  # the sample's brings SVG only
    assert {"有图", "各板块场次"} <= {p.text for p in document.paragraphs}


def test_a_title_breaks_where_words_end_and_tables_keep_three_rows_together():
    title = "2026年“弘扬劳模精神 勇当碳路先锋”五大行动工作报告"
    table = Table("", ["板块", "数"], [[f"板块{number}", number] for number in range(9)])
    report = replace(make_report(), title=title, sections=[Section("甲", blocks=[table])])
    file = reopen(report)
    assert file.paragraphs[0].text.split("\n") == ["2026年“弘扬劳模精神", "勇当碳路先锋”五大行动工作报告"]
    kept = [bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in file.tables[0].rows]
    assert kept == [True, True, True, False, False, False, False, True, True, False]


def test_the_signature_takes_text_along():
    annexes = [Annex("名单", [Section("", numbered=False, blocks=[Paragraph("王䶮")])])]
    report = replace(
        make_report(), sections=[Section("甲", blocks=[Paragraph("正文到此。")])], annexes=annexes
    )
    paragraphs = reopen(report).paragraphs
    texts = [paragraph.text for paragraph in paragraphs]
    start, end = texts.index("正文到此。"), texts.index("盐城市劳模协会")
    assert all(paragraph.paragraph_format.keep_with_next for paragraph in paragraphs[start:end])

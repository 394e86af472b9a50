import datetime
import json
from dataclasses import replace
from decimal import Decimal

from mofu.documents.report import Annex, Form, Formalities, FormCell, Paragraph, Section, Table
from mofu.documents.stored import as_json, differences, figures_of, from_json

from .sample import make_report


def make(**changes):
    table = Table(
        "表甲",
        ["序号", "板块", "数", "日期"],
        [[1, "东台市", Decimal("1.50"), datetime.date(2024, 6, 2)], [2, "射阳县", 3, None]],
    )
    sections = [
        Section("总体", blocks=[Paragraph("正文", key="overview"), table, Form([1], [(5, [FormCell("甲")])])])
    ]
    annexes = [Annex("名单", [Section("", blocks=[table], numbered=False)])]
    return replace(
        make_report(), sections=sections, annexes=annexes, formalities=Formalities("头"), **changes
    )


def test_a_report_comes_back_from_json_as_it_was():
    stored = json.loads(json.dumps(as_json(make())))
    assert as_json(from_json(stored)) == stored
    assert figures_of(from_json(stored)) == figures_of(make())


def test_charts_leave_their_captions_only():
    assert "<svg" not in json.dumps(as_json(make_report()))
    assert "各板块场次" in json.dumps(as_json(make_report()), ensure_ascii=False)


def test_figures_are_named_by_table_row_and_column():
    figures = figures_of(make())
    assert figures["表甲 · 东台市 · 数"] == "1.5"
    assert figures["表甲 · 东台市 · 数（2）"] == "1.5"
    assert figures["正文：一、总体"] == "正文"


def test_differences_say_what_then_and_now():
    old = make()
    table = replace(
        old.sections[0].blocks[1], rows=[[1, "东台市", Decimal("2.50"), None], [2, "滨海县", 3, None]]
    )
    new = replace(old, sections=[replace(old.sections[0], blocks=[table])], annexes=())
    found = {what: (then, now) for what, then, now in differences(old, new)}
    assert found["表甲 · 东台市 · 数"] == ("1.5", "2.5")
    assert found["表甲 · 射阳县 · 数"] == ("3", "")
    assert found["表甲 · 滨海县 · 数"] == ("", "3")
    assert differences(old, old) == []

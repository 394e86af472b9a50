"""Numbers that people type into texts: hidden however they are written, while dates and checksums stay readable."""

from __future__ import annotations

import hashlib

import pytest

from mofu.registers.typed_numbers import holds_number, without_numbers
from tests.makers import made_id_number

ID = "32098119900307123X"
HIDDEN = [
    (f"核对{ID}", "核对320981***********X"),
    ("核对 320981 19900307 123x。", "核对 320981***********X。"),
    ("320981-1990-03-07-1234", "320981***********4"),
    ("320999 197503120133", "320999***********3"),
    ("３２０９８１１９９００３０７１２３Ｘ", "320981***********X"),
    ("32098119900307\u200b123X", "320981***********X"),
    ("账号6228480402564890018", "账号****0018"),
    ("账号 6228 4804 0256 4890 018", "账号 ****0018"),
    ("电话138 1234 5678", "电话138****5678"),
    ("电话：13812345678转王", "电话：138****5678转王"),
    ("0515-88881234", "****1234"),
    ("88881234", "****"),
    ("2026-03-01 6228480402564890018", "****0018"),
]
READABLE = [
    "2026-03-01", "2026-03-01 12:30:05", "2026-03-01 2026-03-31", "20260301", "操作留痕202603011230.xlsx", "mofu-20260301-123005",
    "第 100001—200000 条", "1234567", "共 1234567 条", "192.168.100.200", "盐劳协〔2024〕7号", "12345.67",
    hashlib.sha256(b"1").hexdigest(), "编号：A1234567",
]  # fmt: skip


@pytest.mark.parametrize(("text", "shown"), HIDDEN)
def test_a_number_is_hidden_however_it_is_written(text, shown):
    assert without_numbers(text) == shown


@pytest.mark.parametrize("text", READABLE)
def test_what_is_no_personal_number_stays(text):
    assert without_numbers(text) == text


def test_what_is_hidden_once_stays_as_it_is():
    for text, shown in HIDDEN:
        assert without_numbers(without_numbers(text)) == shown


@pytest.mark.parametrize(
    "text",
    [
        ID,
        made_id_number(),
        "138 1234 5678",
        "张三 13812345678",
        "0515-88881234",
        "６２２８４８０４０２５６４８９００１８",
    ],
)
def test_a_search_that_holds_a_number_is_told(text):
    assert holds_number(text)


@pytest.mark.parametrize(
    "text", ["张三", "2026-03-01", "20240012", "320981", "2024-01-01 2024-12-31", "", "盐劳协〔2024〕7号"]
)
def test_other_searches_are_left_alone(text):
    assert not holds_number(text)

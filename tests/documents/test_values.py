import datetime
from decimal import Decimal

import pytest

from mofu.documents.report import chinese_number, heading_number
from mofu.documents.spreadsheetml import column_letters
from mofu.documents.values import as_text, long_date


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, "text", ""),
        ("007", "int", "007"),
        (12, "int", "12"),
        (1200.0, "number", "1200"),
        (12.345, "number", "12.35"),
        (Decimal("12.50"), "number", "12.5"),
        (-0.001, "number", "0"),
        (0.412, "percent", "41.2%"),
        (1, "percent", "100%"),
        (float("inf"), "number", ""),
        (True, "text", "是"),
        (datetime.date(2024, 6, 2), "date", "2024年6月2日"),
        (datetime.datetime(2024, 6, 2, 9, 5), "date", "2024-06-02 09:05"),
        (datetime.datetime(2024, 6, 2, 1, 5, tzinfo=datetime.UTC), "date", "2024-06-02 09:05"),
        (0.1445, "percent", "14.5%"),
    ],
)
def test_cell_reads(value, kind, text):
    assert as_text(value, kind) == text


def test_long_date_has_no_zeros():
    assert long_date(datetime.date(2024, 6, 2)) == "2024年6月2日"


def test_heading_numbers_by_level():
    assert [heading_number(level, 2) for level in (1, 2, 3, 4)] == ["二、", "（二）", "2.", "（2）"]


def test_chinese_numbers():
    assert [chinese_number(n) for n in (1, 10, 11, 20, 99)] == ["一", "十", "十一", "二十", "九十九"]
    with pytest.raises(ValueError, match="100"):
        chinese_number(100)


def test_column_letters():
    assert [column_letters(n) for n in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]

import pytest

from mofu.documents.report import Section, Table

from .sample import make_report


def test_headings_are_numbered_by_level_and_medium():
    headings = [heading for heading, _ in make_report().sections_for("paper")]
    assert headings == ["一、总体情况", "二、“六进”行动", "（一）进企业宣讲", "三、名册", "四、只在纸上"]
    assert [heading for heading, _ in make_report().sections_for("workbook")][-1] == "四、只在表中"


def test_numbering_starts_again_below_each_heading_and_can_be_left_out():
    extra = [Section("附", numbered=False), Section("甲", 2), Section("乙", 1), Section("丙", 2)]
    headings = [heading for heading, _ in make_report(*extra).sections_for("paper")]
    assert headings[-4:] == ["附", "（一）甲", "五、乙", "（一）丙"]


def test_table_with_uneven_rows_is_refused():
    with pytest.raises(ValueError, match="列数不一致"):
        Table("表", ["甲", "乙"], [["一"]])
    with pytest.raises(ValueError, match="列数不一致"):
        Table("表", ["甲", "乙"], [], widths=[1])


def test_kind_of_a_column_is_found_when_not_stated():
    table = Table("表", ["甲", "乙", "丙"], [["x", 1, None], ["y", None, None]])
    assert [table.kind(n) for n in range(3)] == ["text", "number", "text"]
    assert sum(table.shares) == pytest.approx(1)

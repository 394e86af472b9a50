"""Charts: the option says what was given, the drawing stands under the strict policy and links to its rows."""

from __future__ import annotations

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from mofu.documents import charts
from mofu.documents.chart import LIGHT, Datum, Node, Series, running
from mofu.documents.echarts import to_png, to_svg

HOSTILE = "<script>alert(1)</script>\"&'"
SVG = "{http://www.w3.org/2000/svg}"


def drawings():
    rows = [
        ("东台市", Datum(30, "/events/?org=320981&year=2026")),
        (HOSTILE, Datum(20)),
        ("射阳县", Datum(Decimal("3.5"))),
    ]
    months = [
        Series("本年", [Datum(2, "/a"), Datum(0)]),
        Series("上年", [Datum(1), Datum(None)], line=True, dashed=True),
    ]
    tree = Node(HOSTILE, "/studios/1/", [Node("师傅", "/laureates/1/", [Node("徒弟䶮")])])
    return {
        "columns": charts.columns("图", ["1月", HOSTILE], months, floor=Decimal(2)),
        "stacked": charts.columns("图", ["1月", "2月"], months, stacked=True),
        "ranking": charts.ranking("图", rows),
        "shares": charts.shares("图", [Datum(3, "/x?a=1&b=2", name=HOSTILE), Datum(1, name="乙")]),
        "rings": charts.rings(
            "图", [(HOSTILE, Datum(45, "/y")), *[(f"指标{n}", Datum(100)) for n in range(7)]]
        ),
        "heat": charts.heat("图", ["甲", HOSTILE], [("东台", [Datum(30, "/z", "#1a6b3c"), Datum(None)])]),
        "network": charts.network("图", tree),
    }


@pytest.mark.parametrize("name", drawings())
def test_a_drawing_is_sound_and_holds_no_style_and_no_script(name):
    svg = drawings()[name].svg
    root = ElementTree.fromstring(svg)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "g", "a", "path", "rect", "text", "tspan", "polyline", "polygon", "circle", "line",
                    "defs", "clipPath", "linearGradient", "stop", "ellipse"}  # fmt: skip
    names = {key for element in root.iter() for key in element.attrib}
    assert not {key for key in names if key == "style" or key == "class" or key.startswith("on")}
    assert "<script" not in svg


@pytest.mark.parametrize("name", drawings())
def test_what_people_typed_is_text_and_nothing_else(name):
    root = ElementTree.fromstring(drawings()[name].svg)
    text = "".join(root.itertext())
    assert name == "stacked" or "alert(1)" in text or "alert(1" in text.replace("\n", "")


@pytest.mark.parametrize(("name", "url"), [("ranking", "/events/?org=320981&year=2026"), ("columns", "/a"),
                                           ("shares", "/x?a=1&b=2"), ("rings", "/y"), ("heat", "/z")])  # fmt: skip
def test_data_are_links_without_javascript(name, url):
    root = ElementTree.fromstring(drawings()[name].svg)
    assert url in [link.get("href") for link in root.iter(f"{SVG}a")]


def test_ids_of_two_drawings_on_a_page_do_not_meet():
    one = to_svg(drawings()["columns"].option, 600, 300)
    other = to_svg(drawings()["columns"].option, 500, 300)
    ids = [set(re.findall(r'id="([^"]+)"', svg)) for svg in (one, other)]
    assert ids[0]
    assert not ids[0] & ids[1]
    assert all(f"url(#{name})" in one for name in ids[0])


def test_a_drawing_is_kept_by_its_content(django_assert_num_queries, monkeypatch):
    first = drawings()["shares"].svg
    monkeypatch.setattr("mofu.documents.echarts._engine", lambda: pytest.fail("drawn again"))
    assert drawings()["shares"].svg == first


def test_word_gets_a_png_with_the_chinese_in_it():
    png = to_png(drawings()["ranking"].svg)
    assert png.startswith(b"\x89PNG")
    empty = to_png('<svg xmlns="http://www.w3.org/2000/svg" width="720" height="142"></svg>')
    assert len(png) > 4 * len(empty)


def test_amounts_become_numbers_of_the_option():
    assert [item["value"] for item in drawings()["ranking"].option["series"][0]["data"]] == [3.5, 20, 30]


def test_running_sums():
    assert list(running([1, 2, Decimal("0.5")])) == [1, 3, Decimal("3.5")]


def test_names_in_a_network_stand_before_its_lines_and_in_the_picture():
    [tree] = drawings()["network"].option["series"]
    assert tree["label"]["backgroundColor"] == LIGHT.ground
    name = "周佳慧智能产线调试劳模工匠"
    [long] = charts.network(name, Node(name, children=[Node("徒弟")])).option["series"]
    assert long["left"] > 13 * len(name)

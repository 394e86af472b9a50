"""Charts drawn in a process of its own are those drawn in this one; the process ends with the work."""

import pytest
from django.core.cache import cache

from mofu.documents import echarts
from mofu.documents.chart import Datum, Series
from mofu.documents.charts import columns
from mofu.documents.engine import Apart


@pytest.fixture
def chart():
    cache.clear()
    return columns("图", ["1月", "东台䶮"], [Series("数", [Datum(2, "/a"), Datum(1)])])


def test_a_chart_drawn_apart_is_the_same(chart):
    here = chart.svg
    cache.clear()
    apart = Apart(echarts.library())
    drawn = apart.draw(dict(chart.option), 720, chart.height)
    child = apart._child
    assert child.poll() is None
    apart.close()
    assert child.poll() == 0
    assert echarts._tidy(drawn, chart.option, "0") == echarts._tidy(
        echarts._engine().draw(dict(chart.option), 720, chart.height), chart.option, "0"
    )
    assert "东台䶮" in here


def test_a_process_that_fails_is_no_empty_chart(tmp_path, chart, capfd):
    apart = Apart(tmp_path / "missing.js")
    with pytest.raises((RuntimeError, BrokenPipeError)):
        apart.draw(dict(chart.option), 720, 300)
    apart.close()


def test_who_draws_already_begins_no_process(chart, monkeypatch):
    assert "<svg" in chart.svg
    monkeypatch.setattr(echarts, "Apart", lambda _library: pytest.fail("a process was begun"))
    with echarts.drawn_apart():
        assert "<svg" in chart.drawn(500, 200)

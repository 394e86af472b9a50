"""Charts in a real Chromium: drawn from the option, opened by a click, drawn by the server where scripts are off or paper is on."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from django.utils import timezone

from actions.models import Campaign
from tests.browser.conftest import PHONE, WALL
from tests.makers import PASSWORD, make_event

pytestmark = pytest.mark.browser
SIX_INS = "/actions/six-ins/"
POINT = """() => {
  const place = document.querySelector("[data-chart] .chart-live");
  const chart = echarts.getInstanceByDom(place);
  const [x, y] = chart.convertToPixel({seriesIndex: 0}, [0, 1]);
  const box = place.getBoundingClientRect();
  return [box.left + x, box.top + y + 12];
}"""


@pytest.fixture
def sessions(town):
    """Two sessions in January of this year in 东台."""
    year = timezone.localdate().year
    return [make_event(org=town["320981"], date=date(year, 1, day), audience=40) for day in (4, 9)]


def test_a_bar_opens_the_rows_behind_it(sessions, staff):
    page = staff("city", password=PASSWORD).page
    page.goto(SIX_INS)
    page.locator("[data-chart]").first.scroll_into_view_if_needed()
    page.locator("[data-chart] .chart-live canvas").first.wait_for()
    page.wait_for_timeout(1200)  # the bars grow
    page.mouse.click(*page.evaluate(POINT))
    page.wait_for_url(re.compile(r"/events/\?.*month=1"))
    assert "2 场" in page.locator("main").inner_text()


def test_the_table_behind_a_chart_is_reached_by_keyboard(sessions, staff):
    page = staff("city", password=PASSWORD).page
    page.goto(SIX_INS)
    summary = page.locator(".panel-table summary").first
    summary.focus()
    page.keyboard.press("Enter")
    link = page.locator(".panel-table a").first
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"indicator="))


def test_without_javascript_the_drawing_and_its_links_stand(sessions, staff):
    page = staff("city", password=PASSWORD, java_script_enabled=False).page
    page.goto(SIX_INS)
    svg = page.locator(".chart-svg svg").first
    assert svg.is_visible()
    assert page.locator(".chart-live").count() == 0
    svg.locator("a").first.dispatch_event("click")
    page.wait_for_url(re.compile(r"/events/\?.*indicator="))


def test_paper_shows_the_drawing_of_the_server(sessions, staff):
    page = staff("city", password=PASSWORD).page
    page.goto(SIX_INS)
    page.locator(".chart-live canvas").first.wait_for()
    page.emulate_media(media="print")
    assert page.locator(".chart-svg svg").first.is_visible()
    assert not page.locator(".chart-live").first.is_visible()
    assert not page.locator(".app-side").is_visible()


def test_the_wall_keeps_its_figures_when_the_line_breaks_and_says_so(sessions, staff, faults):
    page = staff("leader", password=PASSWORD).page
    page.set_viewport_size(WALL)
    page.goto("/screen/")
    assert page.evaluate("document.documentElement.scrollHeight") <= WALL["height"]
    before = page.locator(".wall-number").all_inner_texts()
    page.context.set_offline(True)
    page.evaluate("htmx.trigger('#wall', 'refresh')")
    lost = page.locator("[data-lost]")
    lost.wait_for(state="visible")
    assert "连接中断" in lost.inner_text()
    assert page.locator(".wall-number").all_inner_texts() == before
    page.context.set_offline(False)
    page.evaluate("htmx.trigger('#wall', 'refresh')")
    lost.wait_for(state="hidden")
    faults.clear()  # the browser reports the broken line itself


def test_the_wall_keeps_its_figures_when_somebody_else_answers(sessions, staff):
    page = staff("leader", password=PASSWORD).page
    page.goto("/screen/")
    before = page.locator(".wall-number").all_inner_texts()
    page.route(
        "**/screen/", lambda route: route.fulfill(status=200, content_type="text/html", body="<p>维护中</p>")
    )
    page.evaluate("htmx.trigger('#wall', 'refresh')")
    lost = page.locator("[data-lost]")
    lost.wait_for(state="visible")
    assert "收到的不是大屏数据" in lost.inner_text()
    assert page.locator(".wall-number").all_inner_texts() == before
    page.unroute("**/screen/")
    page.evaluate("htmx.trigger('#wall', 'refresh')")
    lost.wait_for(state="hidden")


def test_the_wall_asks_to_sign_in_again_when_the_session_is_over(sessions, staff, faults):
    page = staff("leader", password=PASSWORD).page
    page.goto("/screen/")
    before = page.locator(".wall-number").all_inner_texts()
    page.context.clear_cookies()
    page.evaluate("htmx.trigger('#wall', 'refresh')")
    lost = page.locator("[data-lost]")
    lost.wait_for(state="visible")
    assert "登录已过期" in lost.inner_text()
    assert page.locator(".wall-number").all_inner_texts() == before
    faults.clear()


def test_option_and_drawing_say_the_same(sessions, staff):
    page = staff("city", password=PASSWORD).page
    page.set_viewport_size(PHONE)
    page.goto(SIX_INS)
    option = json.loads(page.locator("[data-chart] script").first.text_content())
    table = page.locator(".panel-table").first
    table.locator("summary").click()
    shown = [row.split("\t")[1] for row in table.locator("tbody tr").all_inner_texts()]
    assert [str(item["value"]) for item in option["series"][0]["data"]] == shown
    assert Campaign.objects.count() == 5

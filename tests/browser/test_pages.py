"""Every page for every role, on a desk and on a phone: fits, is accessible, works by keyboard and without JavaScript."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.management import call_command

from actions.models import Event, Task
from models_app.models import Laureate
from mofu.accounts.models import Organization
from tests.browser.conftest import DESK, PHONE, WALL
from tests.makers import PASSWORD, made_id_number, make_event, make_laureate

pytestmark = pytest.mark.browser

SHARED = (
    "/",
    "/actions/",
    "/actions/six-ins/",
    "/actions/assist-enterprise/",
    "/actions/mentoring/",
    "/actions/craftsmen/",
    "/actions/double-strive/",
    "/people/",
    "/screen/",
    "/reports/",
    "/health/",
)
RECORDS = ("/tasks/", "/laureates/", "/events/", "{laureate}", "{event}", "{task}")
FORMS = ("/laureates/new/", "/events/new/", "{laureate}edit/", "{laureate}delete/")
PAGES = {
    "city": (*SHARED, *RECORDS, *FORMS, "/review/", "/targets/", "/organizations/"),
    "county": (*SHARED, *RECORDS, *FORMS, "/returned/", "{laureate}history/"),
    "county2": (*SHARED, "/laureates/"),
    "leader": (*SHARED, *RECORDS),
    "auditor": (*SHARED, "/trail/"),
    "admin": (
        *SHARED,
        *RECORDS,
        "/trail/",
        "/accounts/",
        "/accounts/new/",
        "/account/sessions/",
        "/account/2fa/",
        "/account/2fa/totp/activate/",
        "/admin/",
        "/admin/actions/target/",
    ),
}
# Rules of axe not asked of the pages whose address begins so, with the reason; "*" stands for all rules.
EXEMPT = {
    ("/admin/", "*"): "Django's own pages; their markup is not ours",
    ("/health/", "*"): "a line of JSON for machines",
    ("/screen/", "meta-refresh"): "a picture on the wall that keeps itself up to date; nobody types there",
}
AXE = Path(settings.BASE_DIR, "node_modules/axe-core/axe.min.js")
RUN_AXE = """exempt => axe.run(document, {resultTypes: ["violations"], preload: false}).then(found => found.violations
  .filter(fault => ["serious", "critical"].includes(fault.impact) && !exempt.includes(fault.id))
  .map(fault => `${fault.id}: ${fault.nodes.slice(0, 3).map(node => node.target.join(" ")).join(" | ")}`))"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def demo(transactional_db):
    """The demo with 60 laureates: long names, many rows, every noun."""
    call_command("load_demo", laureates=60, password=PASSWORD, verbosity=0)


def address(template, role):
    """Return a page's address with records the role may open filled in."""
    if "{" not in template:
        return template
    dongtai = Organization.everything.get(code="320981")
    laureate = Laureate.everything.within(dongtai.path).approved().order_by("pk").first()
    event = Event.everything.within(dongtai.path).approved().order_by("pk").first()
    task = Task.everything.order_by("pk").first()
    return template.format(
        laureate=f"/laureates/{laureate.pk}/", event=f"/events/{event.pk}/", task=f"/tasks/{task.pk}/"
    )


def complaints(page, where):
    """Return what is wrong with the open page on a wall, on a desk and on a phone."""
    exempt = [rule for (start, rule) in EXEMPT if where.startswith(start)]
    if "*" not in exempt:
        page.evaluate(AXE.read_text("utf-8"))
    for size in (WALL, DESK, PHONE):
        page.set_viewport_size(size)
        wider = page.evaluate(OVERFLOW)
        if wider > 0:
            yield f"{where} at {size['width']}: {wider} px too wide"
        for fault in [] if "*" in exempt else page.evaluate(RUN_AXE, exempt):
            yield f"{where} at {size['width']}: {fault}"
    page.set_viewport_size(DESK)


def test_pages_fit_and_are_accessible_for_every_role(demo, staff, new_page):
    found = []
    sign_in_page = new_page()
    sign_in_page.goto("/login/")
    found += complaints(sign_in_page, "/login/")
    for role, templates in PAGES.items():
        person = staff(role, password=PASSWORD)
        for template in templates:
            where = address(template, role)
            answer = person.page.goto(where)
            if answer.status != 200:
                found.append(f"{role} {where}: {answer.status}")
                continue
            found += [f"{role} {complaint}" for complaint in complaints(person.page, where)]
    assert not found, "\n".join(found)


def test_large_text_fits_too(demo, staff):
    person = staff("county", password=PASSWORD)
    person.page.get_by_role("button", name="切换为大字").click()
    assert person.page.get_by_role("button", name="切换为标准字").is_visible()
    for template in ("/", "/actions/six-ins/", "/laureates/", "{laureate}", "/events/new/"):
        where = address(template, "county")
        person.open(where)
        assert list(complaints(person.page, where)) == []


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")


def test_keyboard_alone(town, staff):
    """Skip link first, the menu by Tab and Enter, folded parts and dialogs by Enter and Escape."""
    page = staff("city").page
    page.goto("/laureates/")
    page.keyboard.press("Tab")
    assert focused(page) == "跳到主要内容"
    page.keyboard.press("Enter")
    assert focused(page) == "main"

    page.goto("/")
    group = page.get_by_role("navigation", name="功能菜单").locator("summary").first
    link = group.locator("xpath=..").locator("a").first
    tab_to(page, group)
    page.keyboard.press("Enter")
    tab_to(page, link)
    target = link.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{target}")


def test_dialogs_and_menus_close_by_escape(town, staff):
    make_event(org=town["320981"], title="待审的座谈会", kind="forum", review_state="pending")
    page = staff("city").page
    page.goto("/review/")
    tab_to(page, page.get_by_role("button", name="所选通过"))
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    assert dialog.is_visible()
    assert focused(page) == "取消"
    page.keyboard.press("Escape")
    assert dialog.is_hidden()
    assert Event.everything.get().review_state == "pending"
    account = page.locator("details[data-drop]").last
    account.locator("summary").focus()
    page.keyboard.press("Enter")
    assert account.get_by_role("button", name="退出登录").is_visible()
    page.keyboard.press("Escape")
    assert account.get_by_role("button", name="退出登录").is_hidden()


def test_menu_on_a_phone(town, staff):
    page = staff("county", viewport=PHONE).page
    link = page.get_by_role("navigation", name="功能菜单").get_by_role("link", name="报告与文书")
    assert link.is_hidden()
    page.get_by_role("button", name="展开或收起菜单").click()
    link.click()
    page.wait_for_url("**/reports/")


CARDS = (
    "/laureates/",
    "/events/",
    "/organizations/",
    "/ten-ones/",
    "/tasks/",
    "/reports/",
    "{event}",
    "{laureate}history/",
)
SIDEWAYS = """() => [...document.querySelectorAll(".table-responsive")]
  .filter(box => box.scrollWidth > box.clientWidth && !box.querySelector(".figure-table")).length"""
CUT_OFF = """() => [...document.querySelectorAll(".row-cards tbody td, .row-cards tbody th")]
  .filter(cell => cell.scrollWidth > cell.clientWidth + 1).map(cell => cell.textContent.trim())"""


def test_rows_are_cards_on_a_phone(demo, staff):
    """No list scrolls sideways, nothing is cut off; rows can still be ticked and sorted."""
    for role, pages in (
        ("city", (*CARDS, "/review/")),
        ("county", ("/returned/",)),
        ("auditor", ("/trail/",)),
    ):
        page = staff(role, password=PASSWORD, viewport=PHONE).page
        for template in pages:
            page.goto(address(template, role))
            assert page.evaluate(SIDEWAYS) == 0, template
            assert page.evaluate(CUT_OFF) == [], template
    page = staff("city", password=PASSWORD, viewport=PHONE).page
    page.goto("/laureates/")
    first = page.locator("#list tbody tr").first
    assert first.locator("td:not(.check)").evaluate_all(
        "cells => cells.every(cell => !cell.offsetHeight || cell.textContent)"
    )
    first.get_by_role("checkbox").check()
    assert page.locator("[data-check-count]").inner_text() == "1"
    page.get_by_role("checkbox", name="全选本页").check()
    assert page.locator("[data-check-count]").inner_text() == str(page.locator("#list tbody tr").count())
    page.locator(".sort-chips").get_by_role("link", name="审核状态").click()
    page.wait_for_url("**sort=review_state")
    assert page.locator(".sort-chips [aria-sort=ascending]").inner_text() == "审核状态 ▲"


def test_first_column_of_a_wide_table_stays_in_sight(demo, staff):
    page = staff("leader", password=PASSWORD, viewport=PHONE).page
    page.goto("/actions/double-strive/")
    box = page.locator(".table-responsive:has(.figure-table)").first
    name = box.locator("tbody th").first
    before = name.bounding_box()["x"]
    box.evaluate("box => box.scrollLeft = 200")
    assert box.evaluate("box => box.scrollLeft") > 0
    assert name.bounding_box()["x"] == before


def tab_to(page, wanted, limit=80):
    """Press Tab until ``wanted`` has the focus, as somebody without a mouse does."""
    wanted = wanted.element_handle()
    for _ in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => wanted === document.activeElement", wanted):
            return
    raise AssertionError(f"not reached by {limit} Tabs, at {focused(page)!r}")


def test_core_work_without_javascript(town, staff):
    """Sign in, filter a list, enter a laureate, change it, hand it in, export: all without scripts."""
    make_laureate(org=town["320981"], name="仇红梅")
    county = staff("county", java_script_enabled=False)
    page = county.page
    page.goto("/laureates/new/")
    page.fill("[name=name]", "顾海涛")
    page.fill("[name=id_number]", made_id_number())
    page.select_option("[name=category]", label="工匠")
    page.select_option("[name=org]", label="东台市")
    page.get_by_role("button", name="存为草稿").click()
    page.get_by_role("link", name="修改").click()
    page.fill("[name=position]", "班组长")
    page.get_by_role("button", name="保存并送审").click()
    assert page.get_by_text("已保存并送审").is_visible()
    made = Laureate.everything.get(name="顾海涛")
    assert (made.position, made.org.code, made.review_state) == ("班组长", "320981", "pending")

    page.goto("/laureates/")
    assert page.locator("#list tbody tr").count() == 2
    page.get_by_role("searchbox", name="搜索").fill("ght")
    page.get_by_role("button", name="查询").click()
    assert page.locator("#list tbody th").all_inner_texts() == ["顾海涛"]
    assert "仇红梅" not in page.locator("#list").inner_text()
    page.get_by_role("link", name="导出 Excel").click()
    name, book = county.download(page.get_by_role("button", name="导出"))
    assert name.endswith(".xlsx")
    cells = [
        row for row in openpyxl.load_workbook(book).active.iter_rows(values_only=True) if "顾海涛" in row
    ]
    assert len(cells) == 1

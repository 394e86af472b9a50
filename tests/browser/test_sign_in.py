"""The door in a browser: idle sessions, what was typed, going back after signing out, the second factor, a first password."""

from __future__ import annotations

import re

import pytest

from mofu.accounts.models import Organization, User
from tests.entrance.visitors import code_now
from tests.makers import PASSWORD

pytestmark = pytest.mark.browser
NEW = "青石巷 lantern 47 桥"


def enter(page, username, password):
    page.fill("[name=login]", username)
    page.fill("[name=password]", password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_load_state()


def test_what_was_typed_survives_the_end_of_the_session(town, staff, settings, faults):
    settings.SESSION_IDLE_SECONDS = 126
    person = staff("county")
    page = person.open("/studios/new/")
    page.fill("[name=name]", "超时前填的工作室")
    page.get_by_role("heading", name="即将自动退出").wait_for()
    settings.SESSION_IDLE_SECONDS = 1
    page.get_by_role("button", name="继续使用").click()
    page.get_by_role("heading", name="登录已超时").wait_for()
    settings.SESSION_IDLE_SECONDS = 1800
    page.get_by_role("button", name="知道了").click()
    page.get_by_role("button", name="存为草稿").click()
    page.wait_for_url(re.compile(r"/login/\?next="))
    enter(page, "county", PASSWORD)
    person.press("继续提交")
    assert page.input_value("[name=name]") == "超时前填的工作室"
    assert all("status of 401" in fault or "status of 422" in fault for fault in faults)
    faults.clear()


def test_an_idle_page_with_nothing_typed_leaves_for_the_sign_in_page(town, staff, settings, faults):
    settings.SESSION_IDLE_SECONDS = 126
    page = staff("county").open("/laureates/")
    page.get_by_role("heading", name="即将自动退出").wait_for()
    settings.SESSION_IDLE_SECONDS = 1
    page.get_by_role("button", name="继续使用").click()
    page.wait_for_url(re.compile(r"/login/\?next=%2Flaureates%2F"))
    assert all("status of 401" in fault for fault in faults)
    faults.clear()


def test_going_back_after_signing_out_shows_nothing(town, staff):
    page = staff("city").open("/laureates/")
    page.locator("summary[aria-label$='的账号菜单']").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(re.compile(r"/login/"))
    page.go_back()
    page.wait_for_url(re.compile(r"/login/\?next="))
    assert page.get_by_role("heading", name="工作人员登录").is_visible()


def test_the_first_sign_in_of_an_administrator(town, new_page, settings):
    settings.SECOND_FACTOR_COMPULSORY = True
    admin = User.objects.get(username="admin")
    admin.give_first_password("xk4f-93qm-7tzw-c2hd")
    admin.save()
    page = new_page()
    page.goto("/login/")
    enter(page, "admin", "xk4f-93qm-7tzw-c2hd")
    assert page.url.endswith("/password/")
    page.fill("[name=oldpassword]", "xk4f-93qm-7tzw-c2hd")
    page.fill("[name=password1]", NEW)
    page.fill("[name=password2]", NEW)
    page.get_by_role("button", name="保存新密码").click()
    page.goto("/accounts/")
    assert page.url.endswith("/account/2fa/totp/activate/")
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 100
    page.fill("[name=code]", code_now(page.locator("code.secret").inner_text()))
    page.get_by_role("button", name="启用").click()
    assert page.locator("ul.secret li").count() == 10
    page.goto("/accounts/")
    assert page.get_by_role("heading", name="账号管理").is_visible()


def test_opening_an_account(town, staff):
    person = staff("admin")
    person.open("/accounts/new/")
    dongtai = Organization.everything.get(code="320981")
    person.fill(username="qianqi", name="钱七", role="县区（单位）工作人员")
    person.pick("organization", dongtai.name)
    person.press("开通账号")
    password = person.page.locator("code.secret").inner_text()
    assert User.objects.get(username="qianqi").check_password(password)
    assert person.page.get_by_role("heading", name="初始密码").is_visible()

"""Duplicates as staff deal with them: look at the queue, say “not the same”, merge, take the merge back."""

from __future__ import annotations

import pytest

from models_app.models import Laureate
from mofu.registers.models import Merge
from tests.browser.test_pages import complaints
from tests.makers import make_event, make_laureate, make_worker

pytestmark = pytest.mark.browser


def test_duplicates_are_dismissed_merged_and_parted_again(town, staff):
    unit = town["320981"]
    one = make_laureate(org=unit, name="周海", birth_date="1970-05-01", position="班长")
    other = make_laureate(org=unit, name="周海", birth_date="1970", position="车间主任")
    make_event(org=unit, laureates=[other], title="劳模宣讲进车间")
    for text in ("1970", ""):
        make_worker(org=unit, name="吴江", birth_date=text)
    person = staff("county")
    page = person.page
    page.goto("/")
    page.get_by_role("link", name="重复核查").click()
    found = list(complaints(page, "/duplicates/"))

    person.confirm(page.get_by_role("button", name="不是同一人").last)
    page.get_by_text("不再提示。").first.wait_for()
    page.get_by_role("link", name="已标记不同的").click()
    assert page.get_by_text("吴江").count() == 2
    found += complaints(page, "/duplicates/dismissed/")

    page.goto("/duplicates/")
    page.get_by_role("link", name="比对合并").click()
    found += complaints(page, "/duplicates/laureates/")
    page.get_by_label("车间主任").check()
    page.get_by_label("理由").fill("同一人两次录入")
    person.confirm(page.get_by_role("button", name="合并", exact=True))
    page.get_by_text("已将“周海”并入“周海”").wait_for()
    assert page.get_by_text("劳模宣讲进车间").count() == 1
    assert Laureate.everything.get(name="周海").position == "车间主任"

    page.goto("/duplicates/merges/")
    found += complaints(page, "/duplicates/merges/")
    person.confirm(page.get_by_role("button", name="撤销合并"))
    page.get_by_text("已撤销合并").wait_for()
    assert sorted(Laureate.everything.values_list("pk", "position")) == [
        (one.pk, "班长"),
        (other.pk, "车间主任"),
    ]
    assert Merge.objects.get().undone_at is not None
    assert found == []

"""What requests are called on the trail: an auditor reads words, never methods, addresses and numbers of answers."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django.urls import ResolverMatch

from mofu.accounts import trail_deeds
from mofu.accounts.models import TrailEntry
from tests.makers import make_laureate
from tests.routes import routes

pytestmark = pytest.mark.django_db


def last(action):
    return TrailEntry.objects.filter(action=action).latest("pk").reason


def test_what_was_not_done_is_told_in_words(cast, signed_in):
    person = make_laureate(org=cast.dongtai)
    assert signed_in(cast.city).post(f"/laureates/{person.pk}/erase/", {}).status_code == 422
    assert last("asked") == f"删除个人信息（劳模工匠第{person.pk}号）：填写的内容没有通过检查，没有执行"


def test_refusals_are_told_in_words(cast, signed_in):
    person = make_laureate(org=cast.dongtai)
    signed_in(cast.auditor).get("/laureates/")
    assert last("refused") == "查看列表（劳模工匠）：没有权限"
    signed_in(cast.other).get(f"/laureates/{person.pk}/edit/")
    assert last("refused") == f"修改（劳模工匠第{person.pk}号）：不存在或不在范围内"
    signed_in(cast.other).get("/nothing/here/")
    assert last("refused") == "打开不存在的网址 /nothing/here/：不存在或不在范围内"


def deed(route):
    request = RequestFactory().get("/some/where/")
    name = route.name.rpartition(":")[2]
    request.resolver_match = ResolverMatch(route.view, (), {}, name, app_names=[route.namespace])
    return trail_deeds.deed_of(request)


def test_every_address_has_a_name():
    nameless = [route.pattern for route in routes() if "网址" in deed(route)]
    assert nameless == []

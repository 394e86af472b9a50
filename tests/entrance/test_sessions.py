"""Figures 4 and 9: new ids, two clocks, and what ends sessions at once."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from mofu.accounts.models import TrailEntry
from tests.entrance.visitors import code_now, confirmed, give_factor, is_in, move_clock, sign_in
from tests.makers import PASSWORD, make_studio

pytestmark = pytest.mark.django_db
NEW = "青石巷 lantern 47 桥"


def key(client):
    return client.cookies["sessionid"].value


def with_key(session_key):
    client = Client()
    client.cookies["sessionid"] = session_key
    return client


def test_signing_in_gives_a_new_session_and_ends_the_old_id(cast):
    client = Client()
    client.get("/login/")
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    sign_in(client, "county")
    assert key(client) != before
    assert not is_in(with_key(before))
    assert is_in(client)


def test_the_second_factor_gives_a_new_session(cast):
    secret, _ = give_factor(cast.city)
    client = Client()
    assert sign_in(client, "city")["Location"] == "/account/2fa/authenticate/"
    between = key(client)
    assert not is_in(client)
    assert client.post("/account/2fa/authenticate/", {"code": code_now(secret)}).status_code == 302
    assert key(client) != between
    assert is_in(client)
    assert not is_in(with_key(between))


def test_changing_the_password_gives_a_new_id_and_ends_every_other_session(cast):
    client, elsewhere = confirmed(cast.county), confirmed(cast.county)
    before = key(client)
    data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post("/password/", data).status_code == 302
    assert key(client) != before
    assert is_in(client)
    assert not is_in(elsewhere)
    assert not is_in(with_key(before))
    assert sign_in(Client(), "county", NEW).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_setting_up_a_factor_gives_a_new_id_and_ends_every_other_session(cast):
    client, elsewhere = confirmed(cast.county), confirmed(cast.county)
    before = key(client)
    page = client.get("/account/2fa/totp/activate/")
    done = client.post("/account/2fa/totp/activate/", {"code": code_now(page.context["form"].secret)})
    assert done.status_code == 302
    assert key(client) != before
    assert is_in(client)
    assert not is_in(elsewhere)
    assert TrailEntry.objects.filter(action="account", actor=cast.county, reason="启用双重验证").exists()


def test_idle_sessions_end(cast, monkeypatch):
    client = confirmed(cast.county)
    move_clock(monkeypatch, minutes=29)
    assert is_in(client)
    move_clock(monkeypatch, minutes=58)
    assert is_in(client)
    move_clock(monkeypatch, minutes=88, seconds=5)
    refused = client.get("/laureates/")
    assert refused["Location"] == "/login/?next=/laureates/"
    assert "太久没有操作" in client.get("/login/").content.decode()


def test_sessions_end_after_twelve_hours_however_busy(cast, monkeypatch):
    client = confirmed(cast.county)
    for minutes in range(20, 12 * 60, 20):
        move_clock(monkeypatch, minutes=minutes)
        assert is_in(client), minutes
    move_clock(monkeypatch, hours=12, seconds=5)
    assert not is_in(client)


def test_an_ended_session_is_gone_from_the_server(cast, monkeypatch):
    client = confirmed(cast.county)
    old = key(client)
    move_clock(monkeypatch, minutes=31)
    client.get("/")
    assert not Session.objects.filter(session_key=old).exists()


def test_asking_how_long_is_left_does_not_lengthen_it(cast, monkeypatch):
    client = confirmed(cast.county)
    move_clock(monkeypatch, minutes=28)
    assert 100 < client.get("/account/time-left/").json()["seconds"] <= 120
    move_clock(monkeypatch, minutes=29)
    assert client.get("/account/time-left/").json()["seconds"] <= 60
    assert client.get("/account/time-left/?stay=1").json()["seconds"] == 1800
    move_clock(monkeypatch, minutes=60)
    answer = client.get("/account/time-left/", HTTP_ACCEPT="application/json")
    assert (answer.status_code, answer.json()["error"]) == (401, "登录已失效，请重新登录。")


def test_htmx_is_told_to_open_the_sign_in_page(cast, monkeypatch):
    client = confirmed(cast.county)
    move_clock(monkeypatch, minutes=31)
    answer = client.get(
        "/laureates/?q=x", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/laureates/?q=y"
    )
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/login/?next=%2Flaureates%2F%3Fq%3Dy"
    assert answer.content == b""


def test_what_was_typed_survives_signing_in_again(cast, monkeypatch):
    studio = make_studio(org=cast.dongtai)
    address = f"/studios/{studio.pk}/edit/"
    client = confirmed(cast.county)
    move_clock(monkeypatch, minutes=31)
    typed = {"name": "超时前填的名称", "csrfmiddlewaretoken": "x", "password": "secret-word"}
    answer = client.post(address, typed)
    assert answer["Location"] == "/login/?next=%2Faccount%2Fresume%2F"
    assert "超时前" not in Session.objects.get(session_key=key(client)).session_data
    again = client.post("/login/?next=/account/resume/", {"login": "county", "password": PASSWORD})
    assert again["Location"] == "/account/resume/"
    page = client.get("/account/resume/").content.decode()
    assert f'action="{address}"' in page
    assert 'name="name" value="超时前填的名称"' in page
    assert "secret-word" not in page
    client.post("/account/resume/")
    assert client.get("/account/resume/")["Location"] == "/"


def test_what_was_typed_is_offered_to_nobody_else(cast, monkeypatch):
    client = confirmed(cast.county)
    move_clock(monkeypatch, minutes=31)
    client.post("/studios/new/", {"name": "东台的"})
    client.post("/login/", {"login": "county2", "password": PASSWORD})
    assert is_in(client)
    assert client.get("/account/resume/")["Location"] == "/"


def test_signing_out_ends_the_session_and_clears_the_browser(cast):
    client = confirmed(cast.county)
    old = key(client)
    answer = client.post("/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_in(with_key(old))


def test_users_see_their_sessions_and_end_the_others(cast):
    here, there = confirmed(cast.county), Client()
    sign_in(
        there,
        "county",
        ip="172.16.5.5",
        HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0; rv:130.0) Firefox/130.0",
    )
    page = here.get("/account/sessions/").content.decode()
    assert re.search(r"172\.16\.5\.5.*Firefox（Windows）", page, re.DOTALL)
    here.post("/account/sessions/")
    assert is_in(here)
    assert not is_in(there)

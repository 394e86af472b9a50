"""Figure 7: who guesses passwords is braked, nobody is locked out, no header changes it."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client, RequestFactory

from mofu.accounts.addresses import client_address
from mofu.accounts.models import TrailEntry
from mofu.entrance import brakes
from mofu.entrance.models import SignInBrake
from tests.entrance.visitors import is_in, sign_in
from tests.makers import PASSWORD

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
ADDRESSES = [f"203.0.113.{number}" for number in range(1, 21)]


@pytest.mark.parametrize("per_minute", [1000, 100, 50, 20, 10])
def test_a_spray_hardly_reaches_the_password_check_after_the_first_minute(per_minute, cast):
    reached = []
    for number in range(1000):
        at = timedelta(minutes=number / per_minute)
        if brakes.admit(ADDRESSES[number % 20], f"name{number}", now=START + at):
            reached.append(at)
    later = [at for at in reached if at > timedelta(minutes=1)]
    after_first_minute = max(1000 - per_minute, 1)
    assert len(reached) <= brakes.ALL.tries
    assert len(later) / after_first_minute <= 0.05


def test_a_spray_over_the_form_is_refused_and_an_alarm_written(cast, caplog):
    caplog.set_level(logging.WARNING, "mofu.entrance.brakes")
    answers = [
        sign_in(Client(), f"name{number}", "Welcome2026!", ip=ADDRESSES[number % 20])
        for number in range(1000)
    ]
    checked = TrailEntry.objects.filter(action="sign_in_failed").count()
    assert checked == [answer.status_code for answer in answers].count(200) == brakes.ALL.tries
    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"] == "900"
    assert "尝试次数过多" in answers[-1].content.decode()
    alarm = TrailEntry.objects.get(action="alarm", reason__startswith="疑似密码喷洒")
    assert "40 次" in alarm.reason
    assert any("sign-in brake all" in line for line in caplog.messages)
    client = Client()
    assert sign_in(client, cast.county.username, ip="198.51.100.7").status_code == 302
    assert is_in(client)


def test_going_on_trying_never_pays(cast):
    for _ in range(5):
        brakes.admit("10.9.9.9", "leader", now=START)
    for minute in range(1, 120):
        assert brakes.admit("10.9.9.9", "leader", now=START + timedelta(minutes=minute)) is None
    assert brakes.admit("10.9.9.9", "leader", now=START + timedelta(minutes=119 + 16))


def test_failing_a_leaders_name_on_purpose_locks_only_who_does_it(cast):
    for number in range(60):
        sign_in(Client(), "leader", "wrong", ip=ADDRESSES[number % 20])
    leader = Client()
    assert sign_in(leader, "leader", ip="198.51.100.8").status_code == 302
    assert is_in(leader)


def test_a_known_browser_gets_in_even_from_the_attackers_address(cast):
    leader = Client()
    sign_in(leader, "leader", ip="10.1.1.1")
    leader.post("/logout/")
    for _ in range(30):
        sign_in(Client(), "leader", "wrong", ip="10.1.1.1")
    assert sign_in(Client(), "leader", ip="10.1.1.1").status_code == 429
    assert sign_in(leader, "leader", ip="10.1.1.1").status_code == 302


def test_a_known_browser_is_known_for_its_own_names_and_braked_by_itself(cast):
    thief = Client()
    sign_in(thief, "leader", ip="10.1.1.2")
    thief.post("/logout/")
    answers = [
        sign_in(thief, "leader", f"wrong{number}", ip=f"10.2.0.{number}").status_code for number in range(12)
    ]
    assert answers == [200] * brakes.DEVICE.tries + [429] * 2
    assert SignInBrake.objects.filter(key__startswith="device:").count() == 1
    sign_in(thief, "county", "wrong", ip="10.3.0.1")
    assert SignInBrake.objects.filter(key="address:10.3.0.1").exists()


def test_a_right_password_takes_its_try_back(cast):
    for _ in range(30):
        assert sign_in(Client(), "county", ip="10.4.0.1").status_code == 302
    assert set(SignInBrake.objects.values_list("tries", flat=True)) == {0}


def test_tries_under_way_count_before_the_password_is_looked_at(cast):
    tickets = [brakes.admit("10.5.0.1", "county", now=START) for _ in range(8)]
    assert [ticket is not None for ticket in tickets] == [True] * 5 + [False] * 3
    for ticket in tickets[:5]:
        ticket.give_back()
    assert brakes.admit("10.5.0.1", "county", now=START)


def _forgeries():
    shapes = (
        "{}",
        "{}, 10.0.0.1",
        "10.0.0.1, {}",
        "unknown, {}",
        "{}:4711",
        "[{}]",
        " {} ",
        "{},,",
        "for={}",
        "{};x",
    )
    return [shape.format(f"8.8.{number}.8") for number in range(10) for shape in shapes]


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_forged_forwarding_headers_change_nothing(proxies, settings, cast):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    forged = _forgeries()
    assert len(set(forged)) == 100
    behind = ", 198.51.100.9" + ", 192.0.2.1" * (proxies - 1) if proxies else ""
    headers = [{"HTTP_X_FORWARDED_FOR": value + behind} for value in forged]
    expected = "198.51.100.9" if proxies else "10.6.0.1"
    seen = {client_address(RequestFactory().get("/", REMOTE_ADDR="10.6.0.1", **header)) for header in headers}
    assert seen == {expected}
    answers = [
        sign_in(Client(), "county", "wrong", ip="10.6.0.1", **header).status_code for header in headers
    ]
    assert answers == [200] * brakes.PAIR.tries + [429] * 95


def test_a_header_shorter_than_the_proxies_is_not_believed(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    request = RequestFactory().get("/", REMOTE_ADDR="10.6.0.1", HTTP_X_FORWARDED_FOR="8.8.8.8")
    assert client_address(request) == "10.6.0.1"


def test_an_ipv6_customer_counts_once(cast):
    tickets = [brakes.admit(f"2001:db8:1:2::{number}", "county", now=START) for number in range(1, 8)]
    assert tickets.count(None) == 2


def test_no_typed_name_is_stored(cast):
    sign_in(Client(), "my-secret-password", "x" * 12, ip="10.7.0.1")
    assert not SignInBrake.objects.filter(key__contains="secret").exists()


def test_unknown_wrong_and_disabled_accounts_get_the_same_answer(cast):
    cast.other.is_active = False
    cast.other.save()
    answers = {
        _bare(sign_in(Client(), name, password, ip=ip), name)
        for name, password, ip in [
            ("nobody-here", PASSWORD, "10.8.0.1"),
            ("county", "wrong-password", "10.8.0.2"),
            ("county2", "wrong-password", "10.8.0.3"),
            ("county2", PASSWORD, "10.8.0.4"),
        ]
    }
    assert len(answers) == 1
    assert "用户名或密码不正确" in next(iter(answers))[1]


def _bare(response, name):
    text = re.sub(r'(name="csrfmiddlewaretoken" value=)"[^"]+"', r"\1", response.content.decode())
    return response.status_code, text.replace(name, "NAME")

"""Passwords: what is refused, what is not, and first passwords that have to be changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from mofu.accounts.models import Role, User
from mofu.entrance.passwords import first_password
from tests.entrance.visitors import is_in, move_clock, sign_in
from tests.makers import PASSWORD, make_org, make_user

NEW = "青石巷 lantern 47 桥"
REFUSED = (
    "short-one", "woaini1314", "woaini5201314", "5201314520", "WoAiNi1314!!", "1234567890", "qwertyuiop", "1qaz2wsx3edc",
    "password2026", "P@ssw0rd2026", "aaaaaaaaaaaa", "laomo2026!!", "LaoMoXieHui2026", "yanchenglaomo123", "ycslmxh2026",
    "盐城市劳模协会2026", "zhangsan2026", "ZhangSan@1990", "sanzhang123456", "张三12345678", "zs13812345678", "13812345678",
    "5678zhangsan", "clerk-zs-2026", "dongtaishi2026", "东台市总工会2026", "dtszgh123456", "woaizhongguo", "a123456789",
    "abcd1234abcd1234", "qwertyuiop1234567890", "iloveyou1314", "mofu-demo-2026", "admin@123456", "19900101zhangsan",
)  # fmt: skip
ACCEPTED = (
    NEW, "correct horse battery", "七月流火九月授衣hm", "xk4f-93qm-7tzw-c2hd", "Tr0ub4dor&3xplain", "woaini 可是今天下雨 47 次",
    "graniteumbrella", "kbhxtmwzvq", "ocean-violet-31",
)  # fmt: skip


@pytest.fixture
def clerk(db):
    org = make_org(name="东台市总工会", short_name="东台市")
    return make_user(Role.COUNTY, org, username="clerk-zs", name="张三", phone="138-1234-5678")


@pytest.mark.parametrize("password", REFUSED)
def test_guessable_passwords_are_refused(password, clerk):
    with pytest.raises(ValidationError):
        validate_password(password, clerk)


@pytest.mark.parametrize("password", ACCEPTED)
def test_others_are_accepted_whatever_they_are_composed_of(password, clerk):
    validate_password(password, clerk)


def test_the_three_thousand_most_common_passwords_are_refused(clerk):
    common = sorted(CommonPasswordValidator().passwords)
    assert len(common) >= 3000
    long_enough = [password for password in common if len(password) >= 10]
    assert len(long_enough) > 100
    for password in long_enough:
        with pytest.raises(ValidationError):
            validate_password(password, clerk)


def test_first_passwords_are_random_readable_and_strong(clerk):
    made = {first_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        validate_password(password, clerk)
        assert not set(password) & set("ilo01")


def with_first_password(user):
    user.give_first_password("xk4f-93qm-7tzw-c2hd")
    user.save()
    client = Client()
    sign_in(client, user.username, "xk4f-93qm-7tzw-c2hd")
    return client


def test_a_first_password_opens_nothing_but_changing_it(clerk):
    client = with_first_password(clerk)
    for address in ("/", "/laureates/", "/accounts/", "/jobs/", "/account/2fa/", "/account/sessions/"):
        assert client.get(address)["Location"] == "/password/", address
    assert client.post("/studios/new/", {"name": "x"})["Location"] == "/password/"
    assert "初始密码" in client.get("/password/").content.decode()
    data = {"oldpassword": "xk4f-93qm-7tzw-c2hd", "password1": NEW, "password2": NEW}
    client.post("/password/", data)
    assert is_in(client)
    assert User.objects.get(pk=clerk.pk).first_password_at is None


def test_it_may_not_be_chosen_again_nor_a_weak_one(clerk):
    client = with_first_password(clerk)
    for password in ("xk4f-93qm-7tzw-c2hd", "zhangsan2026"):
        data = {"oldpassword": "xk4f-93qm-7tzw-c2hd", "password1": password, "password2": password}
        assert client.post("/password/", data).status_code == 200
        assert not is_in(client)


def test_a_first_password_runs_out_after_a_week(clerk, monkeypatch):
    clerk.give_first_password("xk4f-93qm-7tzw-c2hd")
    clerk.save()
    move_clock(monkeypatch, days=7, minutes=1)
    late = sign_in(Client(), clerk.username, "xk4f-93qm-7tzw-c2hd")
    assert late.status_code == 200
    assert "用户名或密码不正确" in late.content.decode()


def test_an_own_password_never_runs_out(clerk, monkeypatch):
    move_clock(monkeypatch, days=800)
    assert sign_in(Client(), clerk.username, PASSWORD).status_code == 302
    assert timezone.now() - clerk.date_joined > timedelta(days=799)

"""Figure 10: the second factor, compulsory where much is seen; codes count."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from mofu.accounts.models import TrailEntry, User
from mofu.entrance import accounts, factor
from tests.entrance.visitors import code_now, confirmed, give_factor, is_in, sign_in
from tests.makers import make_user

pytestmark = pytest.mark.django_db
ASK = "/account/2fa/authenticate/"


@pytest.fixture
def compulsory(settings):
    settings.SECOND_FACTOR_COMPULSORY = True


def wrong_code(secret):
    """A code that is right at no step near now."""
    near = {code_now(secret, steps=steps) for steps in range(-3, 4)}
    return next(
        code
        for code in ("000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777")
        if code not in near
    )


def at_the_code(user):
    client = Client()
    assert sign_in(client, user.username)["Location"] == ASK
    return client


@pytest.mark.parametrize("who", ["city", "auditor", "admin"])
def test_until_it_is_set_up_only_setting_up_answers(who, compulsory, cast):
    client = confirmed(getattr(cast, who))
    for address in (
        "/",
        "/laureates/",
        "/actions/",
        "/trail/",
        "/accounts/",
        "/admin/",
        "/jobs/",
        "/reports/",
    ):
        assert client.get(address)["Location"] == "/account/2fa/totp/activate/", address
    assert client.post("/laureates/new/", {"name": "张三"})["Location"] == "/account/2fa/totp/activate/"
    hx = client.get("/laureates/", HTTP_HX_REQUEST="true")
    assert (hx.status_code, hx["HX-Redirect"]) == (401, "/account/2fa/totp/activate/")
    page = client.get("/account/2fa/totp/activate/")
    assert page.status_code == 200
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert client.get("/password/").status_code == 200
    assert (
        client.post(
            "/account/2fa/totp/activate/", {"code": code_now(page.context["form"].secret)}
        ).status_code
        == 302
    )
    assert client.get("/account/2fa/recovery-codes/").status_code == 200


@pytest.mark.parametrize("who", ["county", "leader"])
def test_other_roles_may_but_need_not(who, compulsory, cast):
    User.objects.update(handles_care=False)
    assert is_in(confirmed(getattr(cast, who)))


def test_without_the_setting_nobody_needs_one(cast):
    assert is_in(confirmed(cast.city))


def test_it_cannot_be_switched_off_by_whom_it_is_compulsory_for(compulsory, cast):
    secret, _ = give_factor(cast.city)
    client = at_the_code(cast.city)
    client.post(ASK, {"code": code_now(secret)})
    client.post("/account/2fa/totp/deactivate/", {})
    assert factor.has_factor(cast.city)
    assert is_in(client)


def test_a_code_works_once(cast):
    secret, _ = give_factor(cast.city)
    code = code_now(secret)
    assert at_the_code(cast.city).post(ASK, {"code": code}).status_code == 302
    again = at_the_code(cast.city).post(ASK, {"code": code})
    assert again.status_code == 200
    assert not is_in(again.client)


def test_the_code_of_setting_up_is_used_up(cast, django_capture_on_commit_callbacks):
    client = confirmed(cast.city)
    address = "/account/2fa/totp/activate/"
    client.get(address)
    code = code_now(client.session["mfa.totp.secret"])
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address, {"code": code}).status_code == 302
    assert "已经用过" in at_the_code(cast.city).post(ASK, {"code": code}).content.decode()


def test_a_code_works_once_even_when_the_cache_forgets(cast):
    secret, _ = give_factor(cast.city)
    at_the_code(cast.city).post(ASK, {"code": code_now(secret)})
    cache.clear()
    for steps in (0, -1):
        again = at_the_code(cast.city).post(ASK, {"code": code_now(secret, steps=steps)})
        assert "已经用过" in again.content.decode()
    assert at_the_code(cast.city).post(ASK, {"code": code_now(secret, steps=1)}).status_code == 302


def test_recovery_codes_work_once_each(cast):
    _, codes = give_factor(cast.city)
    assert len(codes) == 10
    for code in codes[:2]:
        client = at_the_code(cast.city)
        client.post(ASK, {"code": code})
        assert is_in(client)
        again = at_the_code(cast.city)
        again.post(ASK, {"code": code})
        assert not is_in(again)


def test_ten_wrong_codes_lock_the_factor_until_an_administrator_resets_it(cast):
    secret, codes = give_factor(cast.city)
    client = at_the_code(cast.city)
    for _ in range(10):
        assert client.post(ASK, {"code": wrong_code(secret)}).status_code == 200
    assert factor.is_locked(cast.city)
    for code in (code_now(secret), codes[0]):
        assert "已锁定" in client.post(ASK, {"code": code}).content.decode()
        assert not is_in(client)
    assert TrailEntry.objects.get(action="alarm", object_id=str(cast.city.pk)).reason.startswith(
        "连续输错验证码 10 次"
    )
    assert TrailEntry.objects.filter(action="sign_in_failed", reason="双重验证码不正确").count() == 10
    accounts.reset_factor(cast.city, "本人到场核实")
    assert not Authenticator.objects.filter(user=cast.city).exists()
    assert is_in(confirmed(cast.city))
    assert TrailEntry.objects.filter(action="account", reason="重置双重验证：本人到场核实").exists()


def test_a_right_code_forgets_the_wrong_ones(cast):
    secret, codes = give_factor(cast.city)
    for number, code in enumerate([code_now(secret), codes[0]]):
        client = at_the_code(cast.city)
        for _ in range(9):
            client.post(ASK, {"code": wrong_code(secret)})
        client.post(ASK, {"code": code})
        assert is_in(client), number
    assert not factor.is_locked(cast.city)


def test_the_lock_of_one_account_touches_no_other(cast):
    secret, _ = give_factor(cast.city)
    other = make_user(username="city2")
    other_secret, _ = give_factor(other)
    client = at_the_code(cast.city)
    for _ in range(10):
        client.post(ASK, {"code": wrong_code(secret)})
    client = at_the_code(other)
    client.post(ASK, {"code": code_now(other_secret)})
    assert is_in(client)


def test_secrets_are_sealed_in_the_database(cast):
    secret, _ = give_factor(cast.city)
    stored = Authenticator.objects.get(user=cast.city, type="totp").data["secret"]
    assert stored.startswith("dev.aes:")
    assert secret not in stored


def test_changing_the_factor_asks_who_it_is(cast, signed_in):
    client = signed_in(cast.county)  # signed in long ago: nothing was confirmed in this session
    assert client.get("/account/2fa/totp/activate/")["Location"].startswith("/account/reauthenticate/")
    give_factor(cast.county)
    for address in (
        "totp/deactivate/",
        "recovery-codes/",
        "recovery-codes/generate/",
        "recovery-codes/download/",
    ):
        assert "reauthenticate" in client.get(f"/account/2fa/{address}")["Location"], address

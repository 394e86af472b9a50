"""账号管理: who keeps whose accounts, what each step does, that nobody grants more than they have."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions.demo.accounts import make_accounts
from mofu.accounts.models import Organization, Role, TrailEntry, User
from mofu.entrance.views.accounts import STEPS
from tests.entrance.visitors import confirmed, give_factor, is_in, sign_in
from tests.makers import PASSWORD, make_org, make_user

pytestmark = pytest.mark.django_db
CODE = re.compile(r"<code class=\"secret\">([a-z0-9-]{19})</code>")


@pytest.fixture
def keeper(cast):
    """The administrator of 东台."""
    return make_user(Role.ADMIN, cast.dongtai, username="dt-admin", name="东台管理")


@pytest.fixture
def below(cast):
    """A clerk of a factory in 东台."""
    factory = make_org(name="东台某厂", parent=cast.dongtai, kind="enterprise")
    return make_user(Role.COUNTY, factory, username="factory", name="厂里赵六")


def entry(user, **values):
    """Return the form as its page shows it, with a reason for whatever is changed."""
    care = {"handles_care": "on"} if user.handles_care else {}
    return {"username": user.username, "name": user.name, "phone": user.phone, "role": user.role,
            "organization": user.organization_id or "", "why": "岗位调整"} | care | values  # fmt: skip


def fresh(user):
    return User.objects.get(pk=user.pk)


def listed(client, **wish):
    return {account.username for account, _ in client.get("/accounts/", wish).context["rows"]}


def test_the_city_keeps_all_accounts_a_county_those_of_its_units(cast, keeper, below, signed_in):
    assert listed(signed_in(cast.admin)) >= {
        "city",
        "county",
        "county2",
        "leader",
        "auditor",
        "admin",
        "stranger",
        "factory",
    }
    assert listed(signed_in(keeper)) == {"county", "dt-admin", "factory"}


@pytest.mark.parametrize("who", ["city", "county", "leader", "auditor", "stranger"])
def test_others_keep_none(who, cast, below):
    client = confirmed(getattr(cast, who))
    for address in ("/accounts/", "/accounts/new/", f"/accounts/{below.pk}/", f"/accounts/{below.pk}/edit/"):
        assert client.get(address).status_code == 403, address
    for step in STEPS:
        assert (
            client.post(reverse(f"entrance:{step.name}", args=[below.pk]), {"reason": "x"}).status_code == 403
        )


@pytest.mark.parametrize("foreign", ["other", "city", "leader", "auditor", "admin", "stranger"])
def test_accounts_of_other_units_do_not_exist_for_a_county(foreign, cast, keeper):
    account = getattr(cast, foreign)
    before = User.objects.filter(pk=account.pk).values().get()
    client = confirmed(keeper)
    for address in (f"/accounts/{account.pk}/", f"/accounts/{account.pk}/edit/"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert (
            account.username not in answer.content.decode().replace(address, "") or account.username == "city"
        )
    assert (
        client.post(f"/accounts/{account.pk}/edit/", entry(account, organization=cast.dongtai.pk)).status_code
        == 404
    )
    for step in STEPS:
        assert (
            client.post(reverse(f"entrance:{step.name}", args=[account.pk]), {"reason": "x"}).status_code
            == 404
        )
    assert User.objects.filter(pk=account.pk).values().get() == before


def test_a_new_account_gets_a_password_that_is_shown_once(cast, keeper):
    data = {
        "username": "newcomer",
        "name": "钱七",
        "phone": "13900000000",
        "role": "county",
        "organization": cast.dongtai.pk,
    }
    client = confirmed(keeper)
    answer = client.post("/accounts/new/", data)
    password = CODE.search(answer.content.decode())[1]
    assert "no-store" in answer["Cache-Control"]
    account = User.objects.get(username="newcomer")
    assert (account.organization, account.role, account.is_superuser) == (cast.dongtai, "county", False)
    assert account.check_password(password)
    assert password not in client.get(f"/accounts/{account.pk}/").content.decode()
    trailed = TrailEntry.objects.filter(model="accounts.user", object_id=str(account.pk), actor=keeper)
    assert {"created", "account"} <= set(trailed.values_list("action", flat=True))
    assert all(password not in f"{line.changes}{line.reason}" for line in trailed)
    newcomer = Client()
    assert sign_in(newcomer, "newcomer", password).status_code == 302
    assert newcomer.get("/")["Location"] == "/password/"


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        ("city", "own"),
        ("auditor", "own"),
        ("city", "root"),
        ("leader", "root"),
        ("admin", "root"),
        ("county", "sibling"),
    ],
)
def test_a_county_grants_nothing_beyond_itself(role, unit, cast, keeper, below):
    units = {"own": cast.dongtai, "root": cast.admin.organization, "sibling": cast.sheyang}
    client = confirmed(keeper)
    data = {"username": "climber", "name": "攀升者", "role": role, "organization": units[unit].pk}
    assert client.post("/accounts/new/", data).status_code == 422
    assert not User.objects.filter(username="climber").exists()
    before = User.objects.filter(pk=below.pk).values().get()
    assert (
        client.post(
            f"/accounts/{below.pk}/edit/", entry(below, role=role, organization=units[unit].pk)
        ).status_code
        == 422
    )
    assert User.objects.filter(pk=below.pk).values().get() == before


def test_a_county_may_have_leaders_and_administrators_of_its_own(cast, keeper, below):
    client = confirmed(keeper)
    for role in ("leader", "admin"):
        assert client.post(f"/accounts/{below.pk}/edit/", entry(below, role=role)).status_code == 302
        assert (fresh(below).role, fresh(below).is_superuser, fresh(below).is_staff) == (role, False, False)


def test_only_the_citys_administrator_is_above_all_rules(cast, keeper, signed_in):
    assert cast.admin.is_superuser
    assert not keeper.is_superuser
    assert signed_in(keeper).get("/admin/").status_code in (302, 403)
    assert signed_in(keeper).get("/trail/").status_code == 403
    cast.admin.organization = cast.dongtai
    cast.admin.save()
    assert not fresh(cast.admin).is_superuser


def test_fields_that_are_not_on_the_form_change_nothing(cast, keeper, below):
    hidden = ("is_superuser", "is_staff", "is_active", "password", "first_password_at", "session_epoch", "last_login",
              "date_joined", "email", "groups", "user_permissions", "id")  # fmt: skip
    before = User.objects.filter(pk=below.pk).values(*(set(hidden) - {"groups", "user_permissions"})).get()
    client = confirmed(keeper)
    assert (
        client.post(f"/accounts/{below.pk}/edit/", entry(below) | dict.fromkeys(hidden, "1")).status_code
        == 302
    )
    assert User.objects.filter(pk=below.pk).values(*before).get() == before


def test_nobody_changes_their_own_rights(cast):
    client = confirmed(cast.admin)
    data = entry(cast.admin, name="新名字", role="city", organization=cast.dongtai.pk, handles_care="on")
    assert client.post(f"/accounts/{cast.admin.pk}/edit/", data).status_code == 302
    mine = fresh(cast.admin)
    assert (mine.name, mine.role, mine.is_city, mine.handles_care) == ("新名字", "admin", True, False)
    for step in STEPS:
        assert (
            client.post(reverse(f"entrance:{step.name}", args=[cast.admin.pk]), {"reason": "x"}).status_code
            == 403
        )
    assert is_in(client)


def test_resetting_the_password_ends_all_sessions(cast, keeper):
    theirs, client = confirmed(cast.county), confirmed(keeper)
    answer = client.post(f"/accounts/{cast.county.pk}/password/", {"reason": "忘记密码"})
    password = CODE.search(answer.content.decode())[1]
    assert not is_in(theirs)
    assert sign_in(Client(), "county", PASSWORD).status_code == 200
    assert sign_in(Client(), "county", password).status_code == 302
    assert TrailEntry.objects.filter(action="account", actor=keeper, reason="重置密码：忘记密码").exists()


def test_resetting_the_factor_ends_all_sessions(cast):
    client, theirs = confirmed(cast.admin), confirmed(cast.county)
    give_factor(cast.county)
    client.post(f"/accounts/{cast.county.pk}/factor/", {"reason": "换手机"})
    assert not cast.county.authenticator_set.exists()
    assert not is_in(theirs)
    assert TrailEntry.objects.filter(
        action="account", actor=cast.admin, reason="重置双重验证：换手机"
    ).exists()


def test_disabling_enabling_and_ending_sessions(cast, keeper):
    client, theirs = confirmed(keeper), confirmed(cast.county)
    client.post(f"/accounts/{cast.county.pk}/sessions/", {"reason": "可疑登录"})
    assert not is_in(theirs)
    theirs = confirmed(cast.county)
    client.post(f"/accounts/{cast.county.pk}/disable/", {"reason": "离岗"})
    assert not fresh(cast.county).is_active
    assert not is_in(theirs)
    client.post(f"/accounts/{cast.county.pk}/enable/", {"reason": "返岗"})
    assert is_in(confirmed(cast.county))
    reasons = TrailEntry.objects.filter(action="account", actor=keeper).values_list("reason", flat=True)
    assert {"结束全部登录：可疑登录", "停用：离岗", "启用：返岗"} <= set(reasons)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_no_step_without_a_reason(step, cast, keeper):
    give_factor(cast.county)
    if step.name == "account-enable":
        User.objects.filter(pk=cast.county.pk).update(is_active=False)
    before = User.objects.filter(pk=cast.county.pk).values().get()
    answer = confirmed(keeper).post(
        reverse(f"entrance:{step.name}", args=[cast.county.pk]), {"reason": " "}, follow=True
    )
    assert "请写明原因" in answer.content.decode()
    assert User.objects.filter(pk=cast.county.pk).values().get() == before
    assert cast.county.authenticator_set.exists()


def test_changes_ask_for_the_password_again_and_keep_what_was_typed(cast, signed_in):
    client = signed_in(cast.admin)  # nothing was confirmed in this session
    assert client.get("/accounts/new/")["Location"] == "/account/reauthenticate/?next=%2Faccounts%2Fnew%2F"
    address = f"/accounts/{cast.county.pk}/disable/"
    answer = client.post(address, {"reason": "离岗"})
    assert answer["Location"] == "/account/reauthenticate/?next=%2Faccount%2Fresume%2F"
    assert fresh(cast.county).is_active
    wrong = client.post(answer["Location"], {"password": "wrong-password"})
    assert wrong.status_code == 200
    assert client.post(answer["Location"], {"password": PASSWORD})["Location"] == "/account/resume/"
    page = client.get("/account/resume/").content.decode()
    assert f'action="{address}"' in page
    client.post(address, {"reason": "离岗"})
    assert not fresh(cast.county).is_active


def flagged(client, flag):
    return listed(client, flag=flag)


def test_what_an_administrator_should_look_at(cast, signed_in):
    now = timezone.now()
    User.objects.update(last_login=now, handles_care=False)
    User.objects.filter(username="county").update(last_login=now - timedelta(days=91))
    User.objects.filter(username="county2").update(last_login=None)
    cast.other.refresh_from_db()
    cast.other.phone = "13800000001"
    cast.other.save()
    one = make_user(
        Role.COUNTY, cast.dongtai, username="one", name="同名", phone="13800000001", last_login=now
    )
    make_user(Role.COUNTY, cast.dongtai, username="two", name="同名", last_login=now)
    make_user(Role.COUNTY, cast.sheyang, username="three", name="同名", last_login=now)
    give_factor(cast.auditor)
    client = signed_in(cast.admin)
    assert flagged(client, "unused") == {"county"}
    assert flagged(client, "never") == {"county2"}
    assert flagged(client, "shared") == {"county2", "one", "two"}
    assert flagged(client, "factor") == {
        "city",
        "admin",
        "one",
        "two",
        "three",
    }  # those three handle care
    assert flagged(client, "default") == {"city", "county", "county2", "leader", "auditor", "admin"}
    User.objects.filter(pk=cast.auditor.pk).update(username="Auditor")
    assert "Auditor" in flagged(client, "default")
    one.give_first_password("xk4f-93qm-7tzw-c2hd")
    one.save()
    assert flagged(client, "first") == {"one"}


def test_an_account_used_at_two_addresses_at_once_looks_shared(cast, signed_in):
    sign_in(Client(), "county", ip="10.1.0.1")
    sign_in(Client(), "county2", ip="10.1.0.2")
    client = signed_in(cast.admin)
    assert flagged(client, "shared") == set()
    sign_in(Client(), "county", ip="10.1.0.3")
    assert flagged(client, "shared") == {"county"}


def test_a_county_learns_nothing_from_flags_about_others(cast, keeper, signed_in):
    for user in (cast.county, cast.other):
        user.phone = "13800000001"
        user.save()
    assert flagged(signed_in(keeper), "shared") == set()
    assert flagged(signed_in(cast.admin), "shared") == {"county", "county2"}


def test_the_list_costs_the_same_for_one_and_many(cast, signed_in, django_assert_max_num_queries):
    for number in range(30):
        make_user(Role.COUNTY, cast.dongtai, username=f"clerk{number}")
    client = signed_in(cast.admin)
    client.get("/accounts/")
    with django_assert_max_num_queries(5):
        assert len(client.get("/accounts/").context["rows"]) > 30


def test_narrowing_the_list(cast, signed_in):
    client = signed_in(cast.admin)
    assert listed(client, q="东台李四") == {"county"}
    assert listed(client, role="auditor") == {"auditor"}
    User.objects.filter(username="leader").update(is_active=False)
    assert listed(client, state="off") == {"leader"}
    assert listed(client, flag="nonsense", q="county2") >= {"county2"}


def test_the_first_administrator_of_an_empty_database(db):
    Organization.everything.all().delete()
    out = StringIO()
    call_command("createsuperuser", username="boss", name="系统管理员", interactive=False, stdout=out)
    boss = User.objects.get(username="boss")
    assert (boss.role, boss.is_superuser, boss.is_city) == ("admin", True, True)
    assert User.REQUIRED_FIELDS == ("name",)
    assert boss.first_password_at is None


def test_reference_data_find_the_city_that_the_first_administrator_made(db):
    call_command("createsuperuser", username="boss", name="系统管理员", interactive=False, stdout=StringIO())
    call_command("load_reference", stdout=StringIO())
    assert Organization.everything.filter(parent=None).count() == 1
    assert User.objects.get(username="boss").is_city


@pytest.mark.parametrize("taken", ["LEADER", "Leader", "leader"])
def test_a_name_that_differs_in_capitals_alone_is_taken(taken, cast, keeper):
    """Whoever signs in types it in either case, so a second one would lock both out."""
    data = {"username": taken, "name": "某", "role": "county", "organization": cast.dongtai.pk}
    answer = confirmed(keeper).post("/accounts/new/", data)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"username": ["已有这个用户名（不分大小写），请换一个。"]}
    assert User.objects.filter(username__iexact="leader").count() == 1
    assert sign_in(Client(), "LEADER", PASSWORD).status_code == 302


def test_the_database_itself_keeps_names_apart_in_any_case(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_user(Role.COUNTY, cast.dongtai, username="LEADER")
    with pytest.raises(CommandError), transaction.atomic():
        call_command("createsuperuser", username="Admin", name="某", interactive=False, stdout=StringIO())
    cast.leader.username = "Leader"  # one's own name in other letters is no second account
    cast.leader.full_clean()


def test_the_demo_sets_an_account_right_whatever_its_capitals(cast):
    User.objects.filter(pk=cast.city.pk).update(username="City")
    make_accounts(PASSWORD)
    assert User.objects.filter(username__iexact="city").count() == 1


@pytest.mark.parametrize("name", ["сity", "张三", "zhang san", "ｃity二"])
def test_user_names_are_of_plain_letters(name, cast, keeper):
    """A Cyrillic с looks like a c to whoever reads the list of accounts."""
    data = {"username": name, "name": "某", "role": "county", "organization": cast.dongtai.pk}
    answer = confirmed(keeper).post("/accounts/new/", data)
    assert answer.status_code == 422
    assert "只能用英文字母" in answer.context["form"].errors["username"][0]


@pytest.mark.parametrize("change", ["role", "organization", "handles_care"])
def test_rights_change_for_a_reason_only(change, cast, keeper, below):
    value = {
        "role": "leader",
        "organization": cast.dongtai.pk,
        "handles_care": "" if below.handles_care else "on",
    }
    client, address = confirmed(keeper), f"/accounts/{below.pk}/edit/"
    data = entry(below) | {change: value[change]}
    answer = client.post(address, data | {"why": " "})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"why": ["请填写调整单位、角色或经办关爱档案的原因。"]}
    assert fresh(below).standing == below.standing
    assert client.post(address, data | {"why": "轮岗到县总工会"}).status_code == 302
    assert fresh(below).standing != below.standing
    told = TrailEntry.objects.filter(model="accounts.user", object_id=str(below.pk), action="changed").latest(
        "pk"
    )
    assert (told.reason, {*told.changes}) == ("轮岗到县总工会", {change})


def test_a_new_name_needs_no_reason(cast, keeper, below):
    data = entry(below, name="赵六六", why="")
    assert confirmed(keeper).post(f"/accounts/{below.pk}/edit/", data).status_code == 302
    assert fresh(below).name == "赵六六"


@pytest.mark.parametrize("address", ["/accounts/new/", "/accounts/{pk}/edit/"])
def test_a_user_name_taken_since_it_was_found_free_is_said_at_the_field(address, cast, below, monkeypatch):
    monkeypatch.setattr(User, "validate_constraints", lambda *_, **__: None)  # found free
    monkeypatch.setattr(User, "clean", lambda _: None)
    monkeypatch.setattr(User, "_perform_unique_checks", lambda *_: {})
    client, url = confirmed(cast.admin), address.format(pk=below.pk)
    seen = {"seen": client.get(url).context["seen"]} if "edit" in url else {}
    answer = client.post(url, entry(below, username="COUNTY") | seen)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"username": ["已有这个用户名（不分大小写），请换一个。"]}
    assert User.objects.filter(username__iexact="county").count() == 1

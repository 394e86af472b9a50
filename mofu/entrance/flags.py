"""What an administrator should look at: accounts nobody uses, shared ones, default ones, ones without second factor.

The heuristics are honest and no more: two people may share a name, and one person may work at two addresses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.functions import Lower
from django.db.models.lookups import In

from mofu.accounts.models import TrailEntry, User
from mofu.accounts.models.user import StaffQuerySet
from mofu.accounts.policy import NEEDING_SECOND_FACTOR
from mofu.accounts.trail_actions import Action
from mofu.entrance.factor import WRONG, WRONG_CODES
from mofu.registers.revealing import MUCH_TAKEN

UNUSED_AFTER = timedelta(days=90)
_TOLD_FOR = timedelta(days=7)  # how long an account is pointed out for what it took out
DEFAULT_NAMES = (
    "admin",
    "administrator",
    "root",
    "test",
    "demo",
    "guest",
    "user",
    "city",
    "county",
    "county2",
    "leader",
    "auditor",
)  # fmt: skip - what everybody tries first, the demo accounts among them


@dataclass(frozen=True)
class Flag:
    """A reason to look at an account."""

    code: str
    title: str
    hint: str


FLAGS = (
    Flag("never", "从未登录", "开通后一次也没有登录过。"),
    Flag("unused", "90 天未登录", "长期不用的账号请停用。"),
    Flag(
        "shared",
        "疑似共用",
        "与其他账号同手机号，或同单位同姓名，或同时在两个以上地址登录。每人应有自己的账号。",
    ),
    Flag("default", "默认账号名", "admin、test 等人人会猜的用户名，或演示账号。"),
    Flag("factor", "未启用双重验证", "该角色必须启用，下次登录时会要求设置。"),
    Flag("locked", "双重验证已锁定", "连续输错验证码 10 次，密码可能已泄露，请核实后重置。"),
    Flag("exports", "大量导出号码", "7 天内有一天导出的完整号码超过每日上限的一半，请核实用途。"),
    Flag("first", "初始密码未改", "管理员发放的密码还没有改，7 天后失效。"),
)


def flagged(accounts: StaffQuerySet, *, keeper: User, now: datetime) -> StaffQuerySet:
    """Return the accounts with one column ``flag_<code>`` for each flag; only active ones are flagged."""
    conditions = _conditions(keeper, now)
    columns = {
        f"flag_{code}": ExpressionWrapper(Q(is_active=True) & condition, output_field=BooleanField())
        for code, condition in conditions.items()
    }
    return accounts.annotate(**columns)


def flags_of(account: User) -> list[Flag]:
    """Return the flags of an account that came out of ``flagged``."""
    return [flag for flag in FLAGS if getattr(account, f"flag_{flag.code}")]


def _conditions(keeper: User, now: datetime) -> dict[str, Q]:
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    locked = factors.filter(**{f"data__{WRONG}__gte": WRONG_CODES})
    much_taken = TrailEntry.objects.filter(
        actor=OuterRef("pk"), action=Action.ALARM, at__gte=now - _TOLD_FOR, reason__startswith=MUCH_TAKEN
    )
    return {
        "never": Q(last_login=None),
        "unused": Q(last_login__lt=now - UNUSED_AFTER),
        "shared": _shared(keeper, now),
        "default": Q(In(Lower("username"), DEFAULT_NAMES)),
        "factor": NEEDING_SECOND_FACTOR & ~Exists(factors),
        "locked": Q(Exists(locked)),
        "exports": Q(Exists(much_taken)),
        "first": Q(first_password_at__isnull=False),
    }


def _shared(keeper: User, now: datetime) -> Q:
    """Return the condition “looks shared”, told from accounts that ``keeper`` keeps and from sessions now open."""
    others = User.objects.managed_by(keeper).filter(is_active=True).exclude(pk=OuterRef("pk")).order_by()
    phone = others.filter(phone_hash=OuterRef("phone_hash"))
    name = others.filter(name=OuterRef("name"), organization=OuterRef("organization")).exclude(name="")
    since = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    elsewhere = UserSession.objects.filter(user=OuterRef("user"), created_at__gte=since).exclude(
        ip=OuterRef("ip")
    )
    sessions = UserSession.objects.filter(Exists(elsewhere), user=OuterRef("pk"), created_at__gte=since)
    return Q(Exists(phone)) | Q(Exists(name)) | Q(Exists(sessions))

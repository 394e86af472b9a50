"""What administrators do with accounts; every step ends what it has to end, at once, and stands on the trail."""

from __future__ import annotations

from django.db import transaction

from mofu.accounts import trail
from mofu.accounts.models import User
from mofu.entrance import factor
from mofu.entrance.passwords import first_password


@transaction.atomic
def open_account(account: User) -> str:
    """Save a new account with a first password and return it; it is kept nowhere in the clear."""
    password = first_password()
    account.give_first_password(password)
    account.save()
    _note(account, "开通账号，发放初始密码")
    return password


@transaction.atomic
def reset_password(account: User, reason: str) -> str:
    """Give a first password anew, end all sessions, return the password."""
    password = first_password()
    account.give_first_password(password)
    account.save()
    account.end_sessions()
    _note(account, f"重置密码：{reason}")
    return password


@transaction.atomic
def reset_factor(account: User, reason: str) -> None:
    """Take the second factor away, with it the lock of wrong codes; its owner sets up a new one."""
    factor.remove(account)
    _note(account, f"重置双重验证：{reason}")


@transaction.atomic
def disable(account: User, reason: str) -> None:
    """Switch the account off; all its sessions die."""
    account.is_active = False
    account.save()
    account.end_sessions()
    _note(account, f"停用：{reason}")


@transaction.atomic
def enable(account: User, reason: str) -> None:
    """Switch the account on again."""
    account.is_active = True
    account.save()
    _note(account, f"启用：{reason}")


@transaction.atomic
def end_sessions(account: User, reason: str) -> None:
    """End all sessions of the account."""
    account.end_sessions()
    _note(account, f"结束全部登录：{reason}")


def _note(account: User, reason: str) -> None:
    trail.record(trail.Action.ACCOUNT, account, reason=reason)

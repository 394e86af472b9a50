"""The demo accounts: one for each role, two counties; only for dev and the tests."""

from __future__ import annotations

from dataclasses import dataclass

from mofu.accounts.models import Organization, Role, User

EASTERN_COUNTY, NORTHERN_COUNTY = "320981", "320924"  # 东台市, 射阳县


@dataclass(frozen=True)
class Account:
    """One account; ``unit`` is the unit's code, empty for the city."""

    username: str
    name: str
    role: str
    unit: str = ""


ACCOUNTS = (
    Account("city", "市协会演示", Role.CITY),
    Account("county", "东台演示", Role.COUNTY, EASTERN_COUNTY),
    Account("county2", "射阳演示", Role.COUNTY, NORTHERN_COUNTY),
    Account("leader", "领导演示", Role.LEADER),
    Account("auditor", "审计演示", Role.AUDITOR),
    Account("admin", "系统管理演示", Role.ADMIN),
)


def make_accounts(password: str) -> dict[str, User]:
    """Make the accounts, or set them right where they exist; return them by user name."""
    return {account.username: _make(account, password) for account in ACCOUNTS}


def _make(account: Account, password: str) -> User:
    user = User.objects.filter(username__iexact=account.username).first() or User(username=account.username)
    user.name, user.role = account.name, account.role
    units = Organization.everything
    user.organization = units.get(code=account.unit) if account.unit else units.get(parent=None)
    user.is_active, user.handles_care = True, account.role in (Role.CITY, Role.COUNTY)
    user.set_password(password)
    user.save()
    return user

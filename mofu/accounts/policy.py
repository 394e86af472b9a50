"""Who may do what: one table of rights by role, one of uses of personal data. Which rows is :mod:`mofu.accounts.scope`'s matter.

Outside one's rows the answer is 404, without the right it is 403.
"""

from __future__ import annotations

from enum import StrEnum

from django.db.models import Q

from mofu.accounts.models import Role, User
from mofu.accounts.models.user import CITY_ROLES
from mofu.accounts.scope import SystemActor


class Right(StrEnum):
    """A thing a role may or may not do."""

    SEE_PROGRESS = "see_progress"  # dashboards, action pages, reports: figures, no personal data
    SEE_RECORDS = "see_records"  # lists and details of the registers
    ENTER = "enter"  # create, edit, delete, submit
    ENTER_CITY = "enter_city"  # records only the city keeps: honour titles, teams, tasks, units' tree
    REVIEW = "review"  # approve or return what counties hand in
    EXPORT = "export"
    REVEAL = "reveal"  # see one full personal number, leaving a trail
    SEE_TRAIL = "see_trail"
    ADMINISTER = "administer"  # accounts of the own unit and all below
    MAINTAIN = "maintain"  # Django's administration: dictionaries, targets, technical repair


RIGHTS: dict[str, frozenset[Right]] = {
    Role.CITY: frozenset(
        {
            Right.SEE_PROGRESS,
            Right.SEE_RECORDS,
            Right.ENTER,
            Right.ENTER_CITY,
            Right.REVIEW,
            Right.EXPORT,
            Right.REVEAL,
        }
    ),
    Role.COUNTY: frozenset({Right.SEE_PROGRESS, Right.SEE_RECORDS, Right.ENTER, Right.EXPORT, Right.REVEAL}),
    Role.LEADER: frozenset({Right.SEE_PROGRESS, Right.SEE_RECORDS, Right.EXPORT}),
    Role.AUDITOR: frozenset({Right.SEE_PROGRESS, Right.SEE_TRAIL}),
    Role.ADMIN: frozenset(
        {Right.SEE_PROGRESS, Right.SEE_RECORDS, Right.SEE_TRAIL, Right.ADMINISTER, Right.MAINTAIN}
    ),
}


class DataClass(StrEnum):
    """A class of personal data with rights of its own, apart from the right to the record it stands in.

    See docs/personal-data.md for how each is protected.
    """

    ID_NUMBER = "id_number"  # 身份证号
    PHONE = "phone"  # 联系电话
    PORTRAIT = "portrait"  # 照片
    CONSENT = "consent"  # signed consent forms with signature and scan
    HEALTH = "health"  # 疾病说明
    HARDSHIP = "hardship"  # 困难说明, and the file that says somebody is in hardship
    BANK_ACCOUNT = "bank_account"  # 银行账号


class Use(StrEnum):
    """What may be done with a value of such a class."""

    SEE = "see"  # as a page shows it: numbers masked
    REVEAL = "reveal"  # one number in full, for a purpose, leaving a trail
    CHANGE = "change"  # by form or import
    EXPORT = "export"  # numbers in full in a file, for a purpose, leaving a trail


_CITY = frozenset({Role.CITY})
_KEEPERS = _CITY | {Role.COUNTY}
_READERS = _KEEPERS | {Role.LEADER}
DATA_RIGHTS: dict[DataClass, dict[Use, frozenset[Role]]] = {
    DataClass.ID_NUMBER: {
        Use.SEE: _READERS,
        Use.REVEAL: _KEEPERS,
        Use.CHANGE: _KEEPERS,
        Use.EXPORT: _KEEPERS,
    },
    DataClass.PHONE: {Use.SEE: _READERS, Use.REVEAL: _KEEPERS, Use.CHANGE: _KEEPERS, Use.EXPORT: _KEEPERS},
    DataClass.PORTRAIT: {Use.SEE: _READERS, Use.CHANGE: _KEEPERS, Use.EXPORT: _READERS},
    DataClass.CONSENT: {Use.SEE: _KEEPERS, Use.CHANGE: _KEEPERS, Use.EXPORT: _KEEPERS},
    DataClass.HEALTH: {Use.SEE: _KEEPERS, Use.REVEAL: _KEEPERS, Use.CHANGE: _KEEPERS},
    DataClass.HARDSHIP: {Use.SEE: _KEEPERS, Use.REVEAL: _KEEPERS, Use.CHANGE: _KEEPERS, Use.EXPORT: _CITY},
    DataClass.BANK_ACCOUNT: {Use.SEE: _KEEPERS, Use.REVEAL: _CITY, Use.CHANGE: _KEEPERS, Use.EXPORT: _CITY},
}
# Sensitive in the law's sense: a role is not enough, the account has to be named as one that handles care.
NAMED_ONLY = frozenset({DataClass.HEALTH, DataClass.HARDSHIP, DataClass.BANK_ACCOUNT})
# The right to the record without which no use of a value in it is possible.
_RECORD_RIGHT = {
    Use.SEE: Right.SEE_RECORDS, Use.REVEAL: Right.REVEAL, Use.CHANGE: Right.ENTER, Use.EXPORT: Right.EXPORT,
}  # fmt: skip

# Rights over what is not parted by units: below the city they would show other units' matters.
CITY_ONLY = frozenset({Right.SEE_TRAIL, Right.MAINTAIN})
# Who sees personal data of the whole city, its trail or its accounts, or handles care, needs a second factor.
_SECOND_FACTOR_ROLES = frozenset({Role.CITY, Role.ADMIN, Role.AUDITOR})
NEEDING_SECOND_FACTOR = Q(role__in=_SECOND_FACTOR_ROLES) | Q(handles_care=True)


def needs_second_factor(user: User) -> bool:
    """Return of one account what ``NEEDING_SECOND_FACTOR`` asks the database for."""
    return user.role in _SECOND_FACTOR_ROLES or user.handles_care


def may(user: User, right: Right) -> bool:
    """Return whether ``user`` has ``right``; nobody inactive or without organisation has any."""
    if not (user.is_authenticated and user.is_active) or user.scope_path is None:
        return False
    if right in CITY_ONLY and not user.is_city:
        return False
    return right in RIGHTS.get(user.role, frozenset())


def may_use(user: User | SystemActor, use: Use, data: DataClass) -> bool:
    """Return whether ``user`` may do that with data of the class; commands of the operator may."""
    if isinstance(user, SystemActor):
        return True
    if data in NAMED_ONLY and not user.handles_care:
        return False
    return may(user, _RECORD_RIGHT[use]) and user.role in DATA_RIGHTS[data].get(use, ())


def roles_granted_by(user: User) -> list[Role]:
    """Return the roles that ``user`` may give to an account: below the city none that belongs to the city."""
    if not may(user, Right.ADMINISTER):
        return []
    return [role for role in Role if user.is_city or role not in CITY_ROLES]

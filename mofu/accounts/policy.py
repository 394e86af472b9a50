"""Who may do what: one table of rights by role. Which rows is :mod:`mofu.accounts.scope`'s matter.

Outside one's rows the answer is 404, without the right it is 403.
"""

from __future__ import annotations

from enum import StrEnum

from mofu.accounts.models import Role, User


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
    ADMINISTER = "administer"  # accounts, dictionaries, targets, technical repair


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
    Role.ADMIN: frozenset({Right.SEE_PROGRESS, Right.SEE_RECORDS, Right.SEE_TRAIL, Right.ADMINISTER}),
}


def may(user: User, right: Right) -> bool:
    """Return whether ``user`` has ``right``; nobody inactive or without organisation has any."""
    if not (user.is_authenticated and user.is_active) or user.scope_path is None:
        return False
    return right in RIGHTS.get(user.role, frozenset())

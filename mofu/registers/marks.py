"""What every exported file says of itself: who took it out, of which unit, when, and the number the trail knows it by."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from mofu.accounts.models import User
from mofu.accounts.scope import SystemActor

_CODE_BYTES = 4


@dataclass(frozen=True)
class Mark:
    """The mark of one file: ``code`` stands in the trail's entry, ``words`` on the pages and in the file's properties."""

    code: str
    words: str


def mark_of(user: User | SystemActor, now: datetime) -> Mark:
    """Return the mark of a file that ``user`` makes ``now``."""
    # Eight digits alone would be taken for a personal number where the trail is shown.
    code = secrets.choice("ABCDEF") + secrets.token_hex(_CODE_BYTES).upper()[1:]
    unit = user.organization.name if isinstance(user, User) else "系统命令"
    return Mark(code, f"制表人：{user}　制表时间：{now:%Y-%m-%d %H:%M}　单位：{unit}　编号：{code}")

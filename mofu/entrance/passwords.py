"""Passwords: what is refused beyond Django's list of common ones, and first passwords made here.

No rules of composition and no expiry (ASVS 6.2.5, 6.2.10): length, and nothing that anybody here would guess first.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from mofu.accounts.pinyin import initials, sort_key

if TYPE_CHECKING:
    from mofu.accounts.models import User

# What people in China choose first, and what this system suggests to them.
FAVOURITES = (
    "woaini", "woaiwo", "woaiwojia", "woaizhongguo", "zhongguo", "aini", "iloveyou", "nihao", "mima", "wodemima",
    "5201314", "1314520", "520", "521", "1314", "7758521", "7758258", "5211314", "147258369", "147258", "963852741",
    "123456789", "987654321", "1234567890", "0123456789", "123456", "654321", "123123", "112233", "666666", "888888",
    "88888888", "11111111", "qwerty", "qwertyuiop", "asdfgh", "asdfghjkl", "zxcvbn", "zxcvbnm", "1qaz2wsx", "qazwsx",
    "abc123", "abcd1234", "abcdef", "aa123456", "a123456", "password", "passw0rd", "p@ssw0rd", "admin", "root", "test",
    "woaigongzuo", "jiayou", "fadacai", "gongxifacai", "wang", "zhang", "liu",
    "laomo", "laodongmofan", "gongjiang", "gonghui", "zonggonghui", "xiehui", "laomoxiehui", "mofu", "mofudemo",
    "yancheng", "jiangsu", "dongtai", "sheyang", "jianhu", "funing", "binhai", "xiangshui", "tinghu", "yandu", "dafeng",
)  # fmt: skip
_LEFT_OVER = 6  # characters that have to remain once everything guessable is taken out
_SHORTEST_PIECE = 3  # characters of a user's own data that count as guessable
_SHORTEST_PHONE_END = 4
_LEET = str.maketrans("@$!0", "asio")
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is misread: no i, l, o, 0, 1
_GROUPS, _GROUP = 4, 4  # 16 of 31 characters: 79 bits


def first_password() -> str:
    """Return a random password that can be read out: four groups of four characters."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


class GuessableValidator:
    """Refuses passwords that rest on favourites, on the association's names or on the user's own data."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError when too little remains of the password without what is guessed first."""
        pieces = {*FAVOURITES, *_spellings(settings.ASSOCIATION_NAME), *_own(user)}
        plain = password.casefold()
        if min(_left(text, pieces) for text in (plain, plain.translate(_LEET))) < _LEFT_OVER:
            raise ValidationError(
                "密码太容易猜到：请不要用姓名、拼音、手机号、用户名、单位名称、连续数字或常见词语拼成。",
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        """Return the hint beside the field."""
        return "不要用姓名、手机号、单位名称、生日或常见词语拼成；几个不相干的词连起来既好记又安全。"


def _left(text: str, pieces: Iterable[str]) -> int:
    """Return how many different or at least unrelated characters remain without pieces, years and runs."""
    for piece in sorted(pieces, key=len, reverse=True):
        text = text.replace(piece, "\0")
    text = re.sub(r"(19|20)\d\d([01]\d[0-3]\d)?", "\0", text)
    text = re.sub(r"(.)\1{2,}", r"\1", text)
    rest = re.sub(r"[\W_]+", "", text)
    core = rest.strip("0123456789")
    common = CommonPasswordValidator().passwords
    return 0 if core in common or rest in common else len(set(rest))


def _own(user: User | None) -> set[str]:
    """Return what others know about the user."""
    if user is None:
        return set()
    unit = user.organization
    units = (unit.name, unit.short_name) if unit else ()
    phone = re.sub(r"\D", "", user.phone)
    ends = {phone, phone[-8:], phone[-6:], phone[-_SHORTEST_PHONE_END:]}
    pieces = {user.username.casefold(), *ends, *_spellings(user.name, *units)}
    return {piece for piece in pieces if len(piece) >= _SHORTEST_PIECE}


def _spellings(*names: str) -> set[str]:
    """Return names as they are written, in pinyin, and by initials, with the parts of a person's name turned around."""
    found = set()
    for name in filter(None, names):
        syllables = sort_key(name).split()
        turned = [*syllables[1:], *syllables[:1]]
        found |= {name.casefold(), "".join(syllables), "".join(turned), initials(name)}
        found |= {name[:2], name[:3], *("".join(syllables[:count]) for count in (2, 3, 4))}
    return {text for text in found if len(text) >= _SHORTEST_PIECE}

"""The records a user chose on a list: ticked ones, or all that match its filters; never more than they may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from django.db import models
from django.http import QueryDict

from mofu.accounts import trail_versions
from mofu.accounts.models import User
from mofu.registers.forms import keys_among
from mofu.registers.listing import Listing
from mofu.registers.register import Register


class Unclear(Exception):  # noqa: N818 - an answer for the user
    """It is not certain which records are meant; the message says why."""


@dataclass(frozen=True)
class Selection:
    """Ticked records (``pks``), or with ``all_matching`` all that ``query`` means; ``expected`` is how many were shown.

    ``seen`` is the newest entry of the trail when they were shown; what was altered later is not what the user chose.
    """

    register: Register
    user: User
    pks: tuple[int, ...] = ()
    all_matching: bool = False
    query: str = ""
    expected: int | None = None
    seen: int = 0

    @classmethod
    def posted(cls, register: Register, user: User, data: QueryDict) -> Self:
        """Return what a page sent as ``pk`` (many), or as ``all``, ``query`` and ``expected``."""
        expected, seen = data.get("expected", ""), data.get(trail_versions.FIELD, "")
        return cls(
            register,
            user,
            tuple(keys_among(data.getlist("pk"))),
            "all" in data,
            data.get("query", "")[:4000],
            int(expected) if expected.isdecimal() and len(expected) < 12 else None,
            int(seen) if trail_versions.is_key(seen) else 0,
        )

    @classmethod
    def kept(cls, register: Register, user: User, params: Mapping[str, Any]) -> Self:
        """Return what :attr:`params` kept for a job."""
        names = ("all_matching", "query", "expected", "seen")
        return cls(register, user, tuple(params["pks"]), *(params[name] for name in names))

    @property
    def params(self) -> dict[str, Any]:
        """What a job needs to find the same records again, or to find out that they are others by now."""
        return {
            "pks": list(self.pks), "all_matching": self.all_matching, "query": self.query, "expected": len(self.keys),
            "seen": self.seen,
        }  # fmt: skip

    @cached_property
    def listing(self) -> Listing | None:
        """The list behind “all that match”; raises Unclear when one of its filters makes no sense."""
        if not self.all_matching:
            return None
        found = Listing(self.register, QueryDict(self.query), self.user)
        if not found.is_whole:
            raise Unclear("筛选条件有误或已失效，无法确定是哪些记录，没有处理。请重新筛选后再选择。")
        return found

    @cached_property
    def keys(self) -> list[int]:
        """The keys of the records, in scope; raises Unclear when there are others than were shown."""
        keys = list(self.rows.order_by("pk").values_list("pk", flat=True))
        if self.all_matching and self.expected is not None and len(keys) != self.expected:
            raise Unclear(
                f"符合条件的记录已由 {self.expected} 条变为 {len(keys)} 条，没有处理。请核对后重新选择。"
            )
        return keys

    @property
    def rows(self) -> models.QuerySet:
        """The records, within what the user may see."""
        if self.listing is not None:
            return self.listing.filtered
        return self.register.rows(self.user).filter(pk__in=self.pks)

    @property
    def words(self) -> str:
        """How the records were chosen, for the page and the trail."""
        return f"按筛选条件选择（{self.listing.words or '全部记录'}）" if self.listing else "逐条勾选"

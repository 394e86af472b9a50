"""The main menu and what else every page of a signed-in user shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from mofu.accounts.models import User
from mofu.accounts.policy import Right, may
from mofu.registers.register import REGISTERS


@dataclass
class Item:
    """One line of the menu; a group has ``items``."""

    title: str
    url: str = ""
    icon: str = "circle"
    active: bool = False
    items: list[Item] = field(default_factory=list)
    badge: int = 0


GROUP_ICONS = {"劳模工匠": "medal", "五大行动": "flag", "双十任务": "checklist", "基础数据": "database"}
_links: list[tuple[str, str, str, str, Right]] = []


def add_link(group: str, title: str, url_name: str, right: Right, icon: str = "circle") -> None:
    """Put a page of an upper floor into the menu, into a group or (group "") on its own before the groups."""
    _links.append((group, title, url_name, icon, right))


def build(user: User, path: str) -> list[Item]:
    """Return the menu of ``user`` with the line of ``path`` marked."""
    items = [Item("工作台", "/", "home")]
    groups = {title: Item(title, icon=icon) for title, icon in GROUP_ICONS.items()}
    for group, title, url_name, icon, right in _links:
        if may(user, right):
            line = Item(title, reverse(url_name), icon)
            (groups[group].items if group else items).append(line)
    for register in sorted(REGISTERS.values(), key=lambda found: found.order):
        if register.may_see(user) and register.group in groups:
            groups[register.group].items.append(Item(register.title, register.url("list")))
    items += [group for group in groups.values() if group.items]
    _mark(items, path)
    return items


def _mark(items: list[Item], path: str) -> None:
    """Mark the line whose address is the longest beginning of ``path``, and its group."""
    lines = [(line, group) for group in items for line in (group.items or [group])]
    fitting = [
        (line, group)
        for line, group in lines
        if path == line.url or (line.url != "/" and path.startswith(line.url))
    ]
    if fitting:
        line, group = max(fitting, key=lambda pair: len(pair[0].url))
        line.active = group.active = True


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``menu``, ``unit_name`` and ``large_text`` for signed-in users."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "menu": build(user, request.path),
        "unit_name": user.organization.name if user.organization else "",
        "large_text": request.session.get("large_text", False),
    }

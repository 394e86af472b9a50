"""A browser's name for people: what it calls itself is a line of history."""

from __future__ import annotations

from django import template

register = template.Library()

# In this order: most browsers also claim to be the ones below them.
_BROWSERS = (
    ("MicroMessenger", "微信"), ("QQBrowser", "QQ 浏览器"), ("UCBrowser", "UC 浏览器"), ("HuaweiBrowser", "华为浏览器"),
    ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"), ("Trident", "IE"),
)  # fmt: skip
_SYSTEMS = (
    ("HarmonyOS", "鸿蒙"), ("OpenHarmony", "鸿蒙"), ("Android", "安卓"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
_SHOWN = 60  # characters of what nobody here knows


@register.filter
def browser(agent: str) -> str:
    """Return browser and system of a user agent: ``{{ session.user_agent|browser }}`` → ``Chrome（Windows）``."""
    name = next((title for mark, title in _BROWSERS if mark in agent), "")
    system = next((title for mark, title in _SYSTEMS if mark in agent), "")
    if not name:
        return agent[:_SHOWN]
    return f"{name}（{system}）" if system else name

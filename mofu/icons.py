"""`{% icon "users" %}`: one Tabler icon as inline SVG, so that a page carries only the few icons it shows."""

import re
from functools import cache

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SHAPES = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_FRAME = (
    '<svg class="icon {extra}" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" '
    'stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
    "{shapes}</svg>"
)


@cache
def _shapes(name: str) -> str:
    """The drawing inside the icon's <svg>; an unknown name draws a dot."""
    path = settings.NODE_MODULES / f"@tabler/icons/icons/outline/{name}.svg"
    if not _NAME.fullmatch(name) or not path.is_file():
        return '<circle cx="12" cy="12" r="4"/>'
    found = _SHAPES.search(path.read_text("utf-8"))
    return " ".join(found.group(1).split()) if found else ""


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """Tabler's outline icon `name` as inline SVG with CSS classes `extra`; hidden from screen readers."""
    classes = " ".join(re.findall(r"[\w-]+", extra))
    return mark_safe(_FRAME.format(extra=classes, shapes=_shapes(name or "")))  # noqa: S308 - vetted name, our files

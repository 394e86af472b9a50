"""``{{ cell.value|figure }}``: a figure as lists, papers and workbooks show it."""

from __future__ import annotations

from typing import Any

from django import template

from mofu.registers.columns import shown

register = template.Library()
register.filter("figure", shown)


@register.filter
def figure_or_dash(value: Any) -> str:
    """Return a figure, a dash for none."""
    return "—" if value is None else shown(value)

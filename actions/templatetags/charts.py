"""``{% chart panel.chart "name" %}``: one chart, drawn by the server and again, interactively, by the browser."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString, mark_safe

from mofu.documents.chart import Chart

register = template.Library()


@register.simple_tag
def chart(drawn: Chart, name: str | int) -> SafeString:
    """Return the figure: SVG for print and pages without JavaScript, and the option beside it for the browser."""
    return format_html(
        '<figure class="chart" tabindex="0" role="group" aria-label="{}" data-chart="option-{}" data-height="{}" data-least="{}"><div class="chart-svg">{}</div>{}</figure>',
        drawn.title,
        name,
        drawn.height,
        drawn.least,
        mark_safe(drawn.svg),  # noqa: S308 - made by the chart library, all text in it escaped
        json_script(drawn.option, f"option-{name}"),
    )

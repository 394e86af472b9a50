"""Select boxes of the filter form without a template per option.

Django renders every ``<option>`` through two included templates; a list page with 70 of them spends a third of its time
there (docs/performance.md). Everything else goes to Django's own renderer.
"""

from __future__ import annotations

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SELECT = "django/forms/widgets/select.html"


class PlainSelectRenderer(DjangoTemplates):
    """A form renderer that writes select boxes itself."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """Return the HTML of a widget."""
        if template_name == SELECT:
            return _select(context["widget"])
        return super().render(template_name, context, request)


def _select(widget: dict[str, Any]) -> SafeString:
    options = format_html_join(
        "\n",
        '<option value="{}"{}>{}</option>',
        (
            (
                "" if option["value"] is None else str(option["value"]),
                flatatt(option["attrs"]),
                option["label"],
            )
            for _, group, _ in widget["optgroups"]
            for option in group
        ),
    )
    return format_html(
        '<select name="{}"{}>\n{}\n</select>', widget["name"], flatatt(widget["attrs"]), options
    )


RENDERER = PlainSelectRenderer()  # one for all forms: it keeps its own cache of templates

"""Select boxes of the filter form without a template per option.

Django renders every ``<option>`` through two included templates; a list page with 70 of them spends a third of its time
there (docs/performance.md). Everything else goes to Django's own renderer.
"""

from __future__ import annotations

from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

SELECT = "django/forms/widgets/select.html"


class PlainSelectRenderer(DjangoTemplates):
    """A form renderer that writes select boxes itself."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """Return the HTML of a widget."""
        if template_name == SELECT:
            return _select(context["widget"])
        return super().render(template_name, context, request)


def _select(widget: dict[str, Any]) -> SafeString:
    options = "".join(_option(option) for _, group, _ in widget["optgroups"] for option in group)
    return mark_safe(  # noqa: S308 - every part is escaped
        f'<select name="{escape(widget["name"])}"{flatatt(widget["attrs"])}>{options}</select>'
    )


def _option(option: dict[str, Any]) -> str:
    value = "" if option["value"] is None else escape(str(option["value"]))
    attrs = flatatt(option["attrs"]) if option["attrs"] else ""
    return f'<option value="{value}"{attrs}>{escape(str(option["label"]))}</option>\n'


RENDERER = PlainSelectRenderer()  # one for all forms: it keeps its own cache of templates

"""What a browser sends back of a form."""

from __future__ import annotations


def sent(page):
    """Return what a browser sends back of an edit form as it came."""
    data = {"seen": page.context["seen"]}
    formsets = [formset for _, formset in page.context["formsets"]]
    forms = [form for formset in formsets for form in (formset.management_form, *formset)]
    for bound in (bound for form in (page.context["form"], *forms) for bound in form):
        value = bound.value()
        if isinstance(value, list):
            data[bound.html_name] = [getattr(item, "pk", item) for item in value]
        elif not (value is None or value is False or value == "" or hasattr(value, "url")):
            data[bound.html_name] = "on" if value is True else str(value)
    return data

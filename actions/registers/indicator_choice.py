"""Choosing an indicator: by its Chinese name, never a code that nothing measures."""

from __future__ import annotations

from django import forms

from actions.progress.indicator import INDICATORS

NO_CHOICE = ("", "---------")


def indicator_name(code: str) -> str:
    """Return the Chinese name of an indicator, the code itself while nobody knows it."""
    found = INDICATORS.get(code)
    return found.label if found else code


def indicator_select() -> forms.Select:
    """Return a select of all indicators by name and code."""
    known = [(code, f"{found.label}（{code}）") for code, found in INDICATORS.items()]
    return forms.Select(choices=[NO_CHOICE, *known])


def known_indicator(code: str) -> str:
    """Return ``code``; raise ValidationError for one that nothing measures."""
    if code not in INDICATORS:
        raise forms.ValidationError("没有这个指标，请从列表中选择。")
    return code

"""Template filters of the registers."""

from __future__ import annotations

from django import template

from mofu.registers import typed_numbers
from mofu.registers.register import Register

register = template.Library()


@register.filter
def register_url(shelf: Register, page: str) -> str:
    """Return the address of one of a register's pages: ``{{ register|register_url:"bulk" }}``."""
    return shelf.url(page)


@register.filter
def at(mapping: dict, key: object) -> object:
    """Return what a mapping holds under a key, nothing where it holds none: ``{{ answers.rows|at:row.row }}``."""
    return mapping.get(key, "")


@register.filter
def without_numbers(text: str) -> str:
    """Return a text with the personal numbers masked that somebody typed into it."""
    return typed_numbers.without_numbers(text)

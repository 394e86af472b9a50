"""A report as JSON and back, and its figures by name: what is kept of an issued report and compared with today's."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from mofu.documents import report as model
from mofu.documents.report import Paragraph, Picture, Report, Section, Table, numbered

_KINDS = {
    kind.__name__: kind
    for kind in (
        model.Annex, model.Form, model.FormCell, model.Formalities, Paragraph, Picture, Report, Section, Table,
    )
}  # fmt: skip
_DROPPED = {"Picture": ("svg", "png"), "FormCell": ("photo",)}


def as_json(value: Any) -> Any:
    """Return a report, or a part of one, as what JSON can hold; charts and photos leave only their captions."""
    if is_dataclass(value):
        name = type(value).__name__
        kept = {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
        return {"is": name} | {
            key: "" if key in _DROPPED.get(name, ()) else held for key, held in kept.items()
        }
    if isinstance(value, Decimal):
        return {"is": "decimal", "value": str(value)}
    if isinstance(value, datetime.datetime):
        return {"is": "moment", "value": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"is": "date", "value": value.isoformat()}
    if isinstance(value, (list, tuple)):
        return [as_json(item) for item in value]
    return value


def from_json(value: Any) -> Any:
    """Return what :func:`as_json` made a report of."""
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if not isinstance(value, dict):
        return value
    kind, held = value["is"], value.get("value", "")
    if kind == "decimal":
        return Decimal(held)
    if kind == "moment":
        return datetime.datetime.fromisoformat(held)
    if kind == "date":
        return datetime.date.fromisoformat(held)
    kept = {name: from_json(item) for name, item in value.items() if name != "is"}
    return _KINDS[kind](**{name: b"" if name in ("png", "photo") else item for name, item in kept.items()})


def figures_of(report: Report) -> dict[str, str]:
    """Return every cell of the report's tables, and every paragraph that has a key, by a name that says where it stands."""
    found: dict[str, str] = {}
    for name, text in _figures(report):
        copy, unique = 1, name
        while unique in found:
            copy += 1
            unique = f"{name}（{copy}）"
        found[unique] = text
    return found


def _figures(report: Report) -> Iterator[tuple[str, str]]:
    parts = [("", report.sections), *((annex.title, annex.sections) for annex in report.annexes)]
    for title, sections in parts:
        for heading, section in numbered(sections, "paper"):
            for block in section.blocks:
                if isinstance(block, Table):
                    yield from _cells(block, block.caption or heading or title)
                elif isinstance(block, Paragraph) and block.key:
                    yield f"正文：{heading or title}", block.text


def _cells(table: Table, where: str) -> Iterator[tuple[str, str]]:
    """A row is named by its first text: a rank or running number changes."""
    for texts in table.text_rows:
        label = next((text for text in texts if text and not text.isdecimal()), texts[0])
        for column, text in zip(table.columns, texts, strict=True):
            if text != label:
                yield f"{where} · {label} · {column}", text


def differences(old: Report, new: Report) -> list[tuple[str, str, str]]:
    """Return (what, then, now) of everything that reads otherwise in ``new``; what is missing is empty."""
    before, now = figures_of(old), figures_of(new)
    names = [*before, *(name for name in now if name not in before)]
    return [
        (name, before.get(name, ""), now.get(name, ""))
        for name in names
        if before.get(name, "") != now.get(name, "")
    ]

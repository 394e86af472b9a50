"""What a formula comes to, written beside it: openpyxl leaves it out, and phones and previews do not calculate."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

Values = Mapping[str, str]
"""Cell (``B16``) → value as text."""

_FORMULA = re.compile(r'(<c r="([A-Z]+[0-9]+)"[^>]*><f>[^<]*</f>)<v\s*(?:/>|></v>)')


def with_values(book: bytes, sheets: Mapping[int, Values]) -> bytes:
    """Return the workbook with the values of its formulas; ``sheets`` counts from 1 in the order of the tabs."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for item in source.infolist():
            content = source.read(item)
            number = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", item.filename)
            values = sheets.get(int(number[1])) if number else None
            target.writestr(item, _filled(content, values) if values else content)
    return out.getvalue()


def _filled(sheet: bytes, values: Values) -> bytes:
    def fill(found: re.Match[str]) -> str:
        value = values.get(found[2])
        return f"{found[1]}<v>{value}</v>" if value is not None else found[0]

    return _FORMULA.sub(fill, sheet.decode("utf-8")).encode("utf-8")

"""The 台账 workbook: sheets laid out by ``ledger_sheet``, packed into one .xlsx while rows are still being read."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from mofu.documents import spreadsheetml as xml
from mofu.documents.ledger_sheet import Ledger, LedgerColumn, TooManyRows, last_data_row, sheet_xml
from mofu.documents.sheetnames import SheetNames
from mofu.documents.spreadsheetml import column_letters

__all__ = ["Ledger", "LedgerColumn", "TooManyRows", "stream_ledger", "write_ledger"]

LARGEST_SHEET = 2**31 - 2**20
"""Bytes of sheet XML: beyond 2 GiB the file needs zip64, which Excel refuses."""


def write_ledger(ledgers: Ledger | Sequence[Ledger], out: BinaryIO | Path) -> None:
    """Write the ledgers, one sheet each, as one workbook to a path or an open binary file.

    Raises ``TooManyRows`` when a ledger does not fit on a sheet.
    """
    if isinstance(out, Path):
        with out.open("wb") as file:
            write_ledger(ledgers, file)
        return
    for block in stream_ledger(ledgers):
        out.write(block)


def stream_ledger(ledgers: Ledger | Sequence[Ledger]) -> Iterator[bytes]:
    """The same workbook in blocks, for a streamed download: the first bytes come before the last row is read."""
    sheets = [ledgers] if isinstance(ledgers, Ledger) else list(ledgers)
    claims = SheetNames()
    names = [claims.claim(sheet.sheet_name or sheet.title) for sheet in sheets]
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED, compresslevel=4) as archive:  # type: ignore[arg-type]  # write and flush do
        _write_fixed_parts(archive, sheets[0], len(sheets))
        for number, sheet in enumerate(sheets, start=1):
            yield from _stream_sheet(archive, sheet, number, sink)
        archive.writestr("xl/workbook.xml", xml.workbook(names, _defined_names(sheets, names)))
    yield sink.take()


class _Sink:
    """Where the zip writer puts its bytes until they are taken; not seekable, as a download is not."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []

    def write(self, block: bytes) -> int:
        self._blocks.append(bytes(block))
        return len(block)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        block = b"".join(self._blocks)
        self._blocks.clear()
        return block


def _write_fixed_parts(archive: ZipFile, first: Ledger, sheets: int) -> None:
    package = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    parts = [(f"{xml.RELATIONS}/worksheet", f"worksheets/sheet{n}.xml") for n in range(1, sheets + 1)]
    archive.writestr("[Content_Types].xml", xml.content_types(sheets))
    archive.writestr(
        "_rels/.rels",
        xml.relations((f"{xml.RELATIONS}/officeDocument", "xl/workbook.xml"), (package, "docProps/core.xml")),
    )
    archive.writestr(
        "docProps/core.xml", xml.core_properties(first.title, first.unit, first.date, first.made)
    )
    parts.append((f"{xml.RELATIONS}/styles", "styles.xml"))
    archive.writestr("xl/_rels/workbook.xml.rels", xml.relations(*parts))
    archive.writestr("xl/styles.xml", xml.STYLES)


def _stream_sheet(archive: ZipFile, sheet: Ledger, number: int, sink: _Sink) -> Iterator[bytes]:
    size = 0
    with archive.open(f"xl/worksheets/sheet{number}.xml", "w") as part:
        for chunk in sheet_xml(sheet, selected=number == 1):
            block = chunk.encode()
            size += len(block)
            if size > LARGEST_SHEET:
                raise TooManyRows
            part.write(block)
            yield sink.take()
    yield sink.take()


def _defined_names(sheets: Sequence[Ledger], names: Sequence[str]) -> list[tuple[str, int, str]]:
    """Header rows repeated in print, and the filter range Excel also wants as a hidden name."""
    found = []
    for index, (sheet, name) in enumerate(zip(sheets, names, strict=True)):
        quoted = "'" + name.replace("'", "''") + "'"
        last, head = column_letters(len(sheet.all_columns) - 1), sheet.header_row
        span = f"{quoted}!$A${head}:${last}${last_data_row(sheet)}"
        found.append(("Print_Titles", index, f"{quoted}!${head}:${head}"))
        found.append(("_FilterDatabase", index, span))
    return found

"""The zip package of an upload, looked through before any parser sees it: names, sizes, declarations, worksheets.

Bytes are inflated here and counted; what a directory says about sizes is never trusted alone.
"""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Self
from xml.etree import ElementTree

from mofu.registers.sheets.limits import AGAIN, PARTS, SHEETS, SPLIT, UNPACKED, Refused

WORKBOOK, RELATIONS, TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
SMALL = 4 * 2**20  # bytes of a part that is read whole
_BLOCK = 2**20
_LONGEST = 16 * 2**20  # bytes between two cells
_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, struct.error,
           NotImplementedError, ValueError, OverflowError)  # fmt: skip
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*\bencoding\s*=\s*["']([^"']*)["']""")
_OTHERS = (
    ("mimetype", "这是 .ods 等 OpenDocument 文件。"),
    ("Index/Document.iwa", "这是 Numbers 表格。"),
    ("index.apxl", "这是 Numbers 表格。"),
    ("word/document.xml", "这是 Word 文档，不是 Excel 工作簿。"),
    ("ppt/presentation.xml", "这是演示文稿，不是 Excel 工作簿。"),
    ("xl/workbook.bin", "这是 .xlsb 二进制工作簿。"),
)


class Package:
    """An opened package; :meth:`pieces` counts what it inflates against one allowance for the whole file."""

    def __init__(self, path: str) -> None:
        self.left = UNPACKED
        try:
            self.file = open(path, "rb")  # noqa: SIM115 - closed by __exit__
            self.parts = zipfile.ZipFile(self.file).infolist()
        except _BROKEN as error:
            raise Refused(f"文件已损坏，无法打开。{AGAIN}") from error
        self.by_name = {part.filename: part for part in self.parts}
        self._check_directory()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def _check_directory(self) -> None:
        names = set(self.by_name)
        if any(part.flag_bits & 1 for part in self.parts):
            raise Refused("文件已加密。请取消密码，另存为 .xlsx 再上传。")
        if any(name.lower().endswith("vbaproject.bin") or "/macrosheets/" in name.lower() for name in names):
            raise Refused("文件带有宏（.xlsm）。请另存为不带宏的 .xlsx 再上传。")
        for name, words in _OTHERS:
            if name in names:
                raise Refused(f"{words}请打开后另存为 .xlsx 再上传。")
        if WORKBOOK not in names or RELATIONS not in names:
            raise Refused("这不是 Excel 工作簿，或缺少必要的内容。请上传 .xlsx 文件。")
        alike = {name.lower() for name in names}
        odd = any(name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) for name in names)
        if len(self.parts) > PARTS or len(alike) < len(self.parts) or odd:
            raise Refused(f"文件内部结构异常（部件过多、重名或名称不正常），不予读取。{AGAIN}")
        if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in self.parts):
            raise Refused(f"文件使用了不支持的压缩方式。{AGAIN}")
        if sum(part.file_size for part in self.parts) > UNPACKED:
            raise Refused(f"文件解压后过大，不予读取。{SPLIT}")

    def _blocks(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        """Yield what a part holds once inflated, never more at a time than a block."""
        self.file.seek(part.header_offset)
        head = self.file.read(30)
        if head[:4] != b"PK\x03\x04":
            raise zipfile.BadZipFile
        name, extra = struct.unpack("<HH", head[26:30])
        self.file.seek(name + extra, 1)
        packed, counted = part.compress_size, 0
        unpack = zlib.decompressobj(-15) if part.compress_type else None
        while packed > 0 and (raw := self.file.read(min(packed, _BLOCK))):
            packed -= len(raw)
            while raw:
                block = unpack.decompress(raw, _BLOCK) if unpack else raw
                raw = unpack.unconsumed_tail if unpack else b""
                counted += len(block)
                yield block
        if counted != part.file_size:
            raise zipfile.BadZipFile

    def pieces(self, part: zipfile.ZipInfo, *, counted: bool = True) -> Iterator[bytes]:
        """Yield the XML of a part in pieces that begin and end between tags; raise Refused for what no part may hold."""
        rest = b""
        try:
            for block in self._blocks(part):
                self.left -= len(block) if counted else 0
                text = rest + block
                if self.left < 0 or len(text) > _LONGEST + _BLOCK:
                    raise Refused(f"文件解压后过大，不予读取。{SPLIT}")
                cut = max(text.rfind(b"<c "), 0) or max(text.rfind(b"<"), 0)
                piece, rest = text[:cut], text[cut:]
                if b"\x00" in block:
                    _refuse_declarations()
                if piece:
                    yield _harmless(piece)
        except _BROKEN as error:
            raise Refused(f"文件已损坏，无法解压。{AGAIN}") from error
        if rest:
            yield _harmless(rest)

    def small(self, name: str) -> bytes:
        """Return a part that must be there and small."""
        part = self.by_name.get(name)
        if part is None or part.file_size > SMALL:
            raise Refused(f"文件内部结构异常，不予读取。{AGAIN}")
        return b"".join(self.pieces(part))

    def worksheets(self) -> dict[str, str]:
        """Return the part behind each worksheet's name; raise Refused when the workbook makes no sense."""
        if TYPES in self.by_name and b"macroenabled" in self.small(TYPES).lower():
            raise Refused("文件带有宏（.xlsm）。请另存为不带宏的 .xlsx 再上传。")
        try:
            targets = {
                item.get("Id"): _resolved(item.get("Target", ""))
                for item in _elements(self.small(RELATIONS), "Relationship")
            }
            found, sheets = {}, _elements(self.small(WORKBOOK), "sheet")
            if len(sheets) > SHEETS:
                raise Refused(f"工作表超过 {SHEETS} 个，不予读取。{SPLIT}")
            for item in sheets:
                key = next((value for name, value in item.items() if name.endswith("}id")), "")
                found[item.get("name", "")] = targets.get(key, "")
        except ElementTree.ParseError as error:
            raise Refused(f"文件内部结构异常，不予读取。{AGAIN}") from error
        return found


def _elements(text: bytes, name: str) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(text)  # noqa: S314 - declarations were refused before, the size is limited
    return [item for item in root.iter() if str(item.tag).rpartition("}")[2] == name]


def _resolved(target: str) -> str:
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _harmless(text: bytes) -> bytes:
    """Return the text; refuse document types, entities and encodings that could hide them."""
    encoding = _ENCODING.search(text[:300])
    if b"<!" in text and (b"<!DOCTYPE" in text or b"<!ENTITY" in text):
        _refuse_declarations()
    if encoding and encoding[1].upper() not in (b"UTF-8", b"UTF8", b"US-ASCII", b"ASCII"):
        _refuse_declarations()
    return text


def _refuse_declarations() -> None:
    raise Refused("文件含有不允许的内容（文档类型声明或特殊编码）。请另存为新的 .xlsx 再上传。")

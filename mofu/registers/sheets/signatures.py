"""What an upload is by name and first bytes, before any reader sees it."""

from __future__ import annotations

import re

from mofu.registers.sheets.limits import Refused

SAVE_AS = "请用 Excel 或 WPS 打开，另存为 .xlsx 再上传。"
TEXT_SUFFIXES = ("csv", "tsv", "txt")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_BY_NAME = {
    "xls": f"这是旧版 .xls 文件。{SAVE_AS}",
    "xlt": f"这是旧版模板 .xlt 文件。{SAVE_AS}",
    "et": "这是 WPS 的 .et 文件。请在 WPS 中另存为 .xlsx 再上传。",
    "ett": "这是 WPS 的 .ett 模板。请在 WPS 中另存为 .xlsx 再上传。",
    "xlsm": "这是带宏的 .xlsm 文件。请另存为不带宏的 .xlsx 再上传。",
    "xltm": "这是带宏的 .xltm 模板。请另存为不带宏的 .xlsx 再上传。",
    "xltx": f"这是 .xltx 模板。{SAVE_AS}",
    "xlsb": f"这是 .xlsb 二进制工作簿。{SAVE_AS}",
    "ods": f"这是 .ods 文件。{SAVE_AS}",
    "numbers": "这是 Numbers 表格。请在 Numbers 中导出为 Excel（.xlsx）再上传。",
    "pdf": "这是 PDF 文件，无法读取表格内容。请向制表人索取 Excel 原表，或把内容填入导入模板。",
    "doc": "这是 Word 文档。请把表格复制到 Excel 或 WPS 中，另存为 .xlsx 再上传。",
    "docx": "这是 Word 文档。请把表格复制到 Excel 或 WPS 中，另存为 .xlsx 再上传。",
    "zip": "这是压缩包。请解压后上传其中的 .xlsx 文件。",
    "rar": "这是压缩包。请解压后上传其中的 .xlsx 文件。",
    "7z": "这是压缩包。请解压后上传其中的 .xlsx 文件。",
    "html": f"这是网页文件。{SAVE_AS}",
    "htm": f"这是网页文件。{SAVE_AS}",
    "mht": f"这是网页文件。{SAVE_AS}",
    "xml": f"这是 XML 表格。{SAVE_AS}",
}
_PICTURE = "这是图片，无法读取表格内容。请向制表人索取 Excel 原表，或把内容填入导入模板。"
_BY_START = (
    (b"%PDF", _BY_NAME["pdf"]),
    (b"\x89PNG", _PICTURE), (b"\xff\xd8\xff", _PICTURE), (b"GIF8", _PICTURE), (b"BM", _PICTURE),
    (b"II*\x00", _PICTURE), (b"MM\x00*", _PICTURE), (b"RIFF", _PICTURE),
    (b"Rar!", _BY_NAME["rar"]), (b"7z\xbc\xaf", _BY_NAME["7z"]), (b"\x1f\x8b", _BY_NAME["zip"]),
    (b"{\\rtf", _BY_NAME["doc"]), (b"MIME-Version:", _BY_NAME["mht"]),
)  # fmt: skip
_PAGE = re.compile(
    rb"^\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|meta|table|body|style)\b", re.I | re.S
)
_XML = re.compile(rb"^\s*<\?xml|^\s*<\w+:Workbook\b|^\s*<Workbook\b", re.I)


def check(name: str, content: bytes, largest: int) -> str:
    """Return how the file is to be read, ``xlsx`` or ``csv``; raise Refused by size, first bytes and name.

    The first bytes have the last word: a file that was only renamed is told so.
    """
    suffix = name.rpartition(".")[2].lower().strip()
    if not content:
        raise Refused("文件是空的（0 字节）。请检查后重新上传。")
    if len(content) > largest:
        raise Refused(f"文件有 {len(content) / 2**20:.1f} MB，超过 {largest // 2**20} MB。请拆分后分批导入。")
    if content.startswith(_OLE):
        raise Refused(_old_format(content, suffix))
    _refuse_other_kinds(suffix, content)
    if suffix in TEXT_SUFFIXES:
        if content.startswith(_ZIP):
            raise Refused(f"文件内容不是 .{suffix} 文本（可能只改了扩展名）。请改回原来的扩展名再上传。")
        return "csv"
    if suffix != "xlsx":
        raise Refused("请上传 .xlsx 工作簿或 .csv 文件；其他格式请先另存为 .xlsx。")
    if not content.startswith(_ZIP):
        raise Refused("文件内容不是 .xlsx 工作簿（可能只改了扩展名）。请另存为 .xlsx 再上传。")
    return "xlsx"


def _old_format(content: bytes, suffix: str) -> str:
    if _ENCRYPTED in content:
        return "文件设有打开密码。请取消密码，另存为 .xlsx 再上传。"
    return _BY_NAME[suffix] if suffix in ("et", "ett", "doc") else _BY_NAME["xls"]


def _refuse_other_kinds(suffix: str, content: bytes) -> None:
    start = content[:2048].removeprefix(b"\xef\xbb\xbf")
    words = next((words for mark, words in _BY_START if start.startswith(mark)), "")
    if not words and _PAGE.match(start):
        words = f"文件实际是网页（HTML），不是 Excel 工作簿。{SAVE_AS}"
    if not words and _XML.match(start):
        words = f"文件实际是 XML 表格，不是 .xlsx 工作簿。{SAVE_AS}"
    if words and (suffix not in TEXT_SUFFIXES or not _could_be_text(start)):
        raise Refused(words)
    if suffix in _BY_NAME:
        raise Refused(_BY_NAME[suffix])


def _could_be_text(start: bytes) -> bool:
    """Whether a text table may begin like this: “BM…” or “RIFF…” are words as well."""
    return start.startswith((b"BM", b"RIFF", b"GIF8")) and b"\x00" not in start

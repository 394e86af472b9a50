"""From an uploaded file to rows: first looks at the file, then a child process reads it (docs/decisions/004)."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mofu.registers.sheets import child

LARGEST = 20 * 2**20  # bytes of an upload
TIMEOUT = 90  # seconds, waiting included
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ADVICE = {
    "xls": "这是旧版 .xls 文件。请用 Excel 或 WPS 打开，另存为 .xlsx 再上传。",
    "et": "这是 WPS 的 .et 文件。请在 WPS 中另存为 .xlsx 再上传。",
    "xlsm": "这是带宏的 .xlsm 文件。请另存为不带宏的 .xlsx 再上传。",
    "xlsb": "这是 .xlsb 文件。请另存为 .xlsx 再上传。",
    "csv": "暂不直接读取 .csv。请用 Excel 或 WPS 打开，核对身份证号等长数字后另存为 .xlsx 再上传。",
}

Cell = str | int | float | bool | date | datetime | None
SheetRefused = child.Refused


@dataclass
class Sheet:
    """One worksheet: ``rows`` holds (row number as Excel shows it, cells) for each row with content."""

    name: str
    hidden: bool = False
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)


def read(name: str, content: bytes) -> list[Sheet]:
    """Return the worksheets of an uploaded workbook; raise :class:`SheetRefused` with a message for the user."""
    check(name, content)
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(content)
        file.flush()
        return _parsed(_run(file.name))


def check(name: str, content: bytes) -> None:
    """Refuse by size, name and first bytes what no reader needs to see."""
    suffix = name.rpartition(".")[2].lower()
    if not content:
        raise SheetRefused("文件是空的（0 字节）。请检查后重新上传。")
    if len(content) > LARGEST:
        raise SheetRefused(
            f"文件有 {len(content) / 2**20:.1f} MB，超过 {LARGEST // 2**20} MB。请拆分后分批导入。"
        )
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise SheetRefused("文件设有打开密码。请取消密码，另存为 .xlsx 再上传。")
        raise SheetRefused(_ADVICE["xls"])
    if suffix != "xlsx":
        raise SheetRefused(_ADVICE.get(suffix, "请上传 .xlsx 工作簿；其他格式请先另存为 .xlsx。"))
    if not content.startswith(b"PK\x03\x04"):
        raise SheetRefused("文件内容不是 .xlsx 工作簿（可能只改了扩展名）。请另存为 .xlsx 再上传。")


def _run(path: str) -> str:
    """Return what the child process prints; a child that dies or hangs refuses the file, nothing more."""
    command = [sys.executable, "-P", "-E", "-X", "utf8", str(Path(child.__file__)), path]
    try:
        done = subprocess.run(  # noqa: S603 - our own script, the path of a temporary file of ours
            command, capture_output=True, timeout=TIMEOUT, env={}, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise SheetRefused("读取文件用时过长，已中止。请删除多余的工作表，或拆分后分批导入。") from error
    if done.returncode:
        raise SheetRefused("读取文件时超出了内存或时间限制。请删除多余的行列、图片和工作表后另存再上传。")
    return done.stdout.decode()


def _parsed(output: str) -> list[Sheet]:
    found: list[Sheet] = []
    for line in output.splitlines():
        item = json.loads(line)
        if isinstance(item, list):
            found[-1].rows.append((item[0], [_cell(value) for value in item[1]]))
        elif "refused" in item:
            raise SheetRefused(item["refused"])
        else:
            found.append(Sheet(item["sheet"], item["hidden"]))
    return found


def _cell(value: Any) -> Cell:
    if not isinstance(value, dict):
        return value
    text = value["d"]
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)

"""What an upload may cost, and how it is refused; shared by the web worker and the process that opens the file."""

from __future__ import annotations

MEMORY = 480 * 2**20  # bytes of address space of the reading process, the interpreter included
SECONDS = 18  # of processor time
UNPACKED = 300 * 2**20  # bytes of all parts together, declared and counted
PARTS, SHEETS = 2000, 200
OUTPUT = 160 * 2**20  # bytes that the reading process hands over
ROWS, COLUMNS, CELLS = 200_000, 256, 4_200_000
DENSE = 5_000_000  # cells: a larger rectangle with few cells in it is read row by row instead
STREAMED = 800_000  # cells that are read row by row in reasonable time

AGAIN = "请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"
SPLIT = "请删除多余的工作表、行列和图片，或拆分后分批导入。"


class Refused(Exception):  # noqa: N818 - the file is refused, the program has not erred
    """The file is not read; the message tells the user why and what to do."""


def limit_process() -> None:
    """Limit this process's own memory and processor time, where the system can."""
    try:
        import resource  # noqa: PLC0415 - missing on Windows
    except ImportError:  # pragma: no cover - servers are Unix
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

"""ECharts in V8: draws options as SVG, in this process or (:class:`Apart`) in one that ends with the work.

Imports nothing of Django, so that the process apart is small and begins at once.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Option = Mapping[str, Any]

_FLAGS = ("--single-threaded", "--jitless")
"""Charts are drawn once and kept: without its compiler V8 takes a sixth less memory, and no longer."""
_DRAW = """
function draw(option, width, height) {
  const chart = echarts.init(null, null, {renderer: "svg", ssr: true, width: width, height: height});
  chart.setOption(Object.assign(option, {animation: false}));
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}"""


class Engine:
    """One V8 isolate of this process with ECharts in it (60 MB); it draws one chart at a time."""

    def __init__(self, library: Path) -> None:
        from py_mini_racer import MiniRacer, init_mini_racer  # noqa: PLC0415 - only for processes that draw

        source = library.read_text(encoding="utf-8")
        init_mini_racer(flags=_FLAGS, ignore_duplicate_init=True)
        self._turn = threading.Lock()
        self._context = MiniRacer()
        atexit.register(self._context.close)  # an open isolate keeps the process from ending
        self._context.eval("var setTimeout = function () { return 0; }, clearTimeout = function () {};")
        self._context.eval(source)
        self._context.eval(_DRAW)

    def draw(self, option: Option, width: int, height: int) -> str:
        """Return the SVG source as ECharts writes it."""
        with self._turn:
            return str(self._context.call("draw", option, width, height))


class Apart:
    """An engine in a process of its own, begun with the first chart (0.3 s) and ended by ``close``: its memory is free again."""

    def __init__(self, library: Path) -> None:
        self._command = [sys.executable, "-m", __name__, str(library.resolve())]
        self._child: subprocess.Popen[str] | None = None

    def draw(self, option: Option, width: int, height: int) -> str:
        """Return the SVG source as ECharts writes it; RuntimeError where the process failed."""
        child = self._child = self._child or self._begun()
        print(json.dumps([option, width, height]), file=child.stdin, flush=True)
        answer = child.stdout.readline()
        if not answer:
            raise RuntimeError("the process that draws charts has ended")
        return str(json.loads(answer))

    def _begun(self) -> subprocess.Popen[str]:
        pipe, folder = subprocess.PIPE, Path(__file__).parents[2]
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            self._command, cwd=folder, stdin=pipe, stdout=pipe, text=True, encoding="utf-8"
        )

    def close(self) -> None:
        """End the process; the end of its input is its sign."""
        if self._child is not None:
            self._child.communicate()
            self._child = None


def main() -> None:
    """Draw what comes in, a line each, until no more comes."""
    engine = Engine(Path(sys.argv[1]))
    for line in sys.stdin:
        sys.stdout.write(json.dumps(engine.draw(*json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

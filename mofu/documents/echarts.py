"""ECharts on the server: an option becomes SVG for pages without JavaScript, print and PDF, and PNG for Word.

The browser draws the same option with the same library, so that a chart says the same everywhere.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from contextvars import ContextVar
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache

from mofu.documents.engine import Apart, Engine, Option

_LIBRARY = Path("node_modules", "echarts", "dist", "echarts.min.js")
_KEPT_FOR = 24 * 3600  # seconds; the key is the content, so nothing kept can be out of date
_STYLE = re.compile(r"<style\b.*?</style>", re.DOTALL)
_CLASS = re.compile(r' class="[^"]*"')
_TEXT_STYLE = re.compile(r' style="([^"]*)"')
_LOCAL_ID = re.compile(r"\bzr\d+-")
_DATUM = re.compile(
    r'<path\b[^>]*?ecmeta_series_index="(\d+)"[^>]*?ecmeta_data_index="(\d+)"[^>]*></path>', re.DOTALL
)


@lru_cache(maxsize=1)
def _engine() -> Engine:
    return Engine(library())


def library() -> Path:
    """Return the file of ECharts, the one that browsers load."""
    return Path(settings.BASE_DIR) / _LIBRARY


_apart: ContextVar[Apart | None] = ContextVar("engine apart", default=None)


@contextmanager
def drawn_apart() -> Iterator[None]:
    """Draw what is not kept in a process that ends with the block; a process that draws by itself already goes on so.

    For reports: V8's 60 MB would stand beside the layout, and stay in a worker that shows no pages.
    """
    if _engine.cache_info().currsize:
        yield
        return
    with closing(Apart(library())) as apart:
        before = _apart.set(apart)
        try:
            yield
        finally:
            _apart.reset(before)


def to_svg(option: Option, width: int, height: int) -> str:
    """Return the chart as SVG of ``width`` × ``height`` pixels that may stand in a page under the strict policy.

    No style, no class, no script; ids of its own; a datum with a ``url`` is a link to it. The font is left to the
    page or the document around it.
    """
    content = json.dumps(option, sort_keys=True, ensure_ascii=False, default=str)
    digest = hashlib.sha256(f"{width}x{height}:{content}".encode()).hexdigest()
    found = cache.get(f"chart:{digest}")
    if found is None:
        drawn = (_apart.get() or _engine()).draw(json.loads(content), width, height)
        found = _tidy(drawn, option, digest[:8])
        cache.set(f"chart:{digest}", found, _KEPT_FOR)
    return found


def to_png(svg: str, *, zoom: int = 2) -> bytes:
    """Return ``svg`` as a PNG, ``zoom`` times its size in pixels, in the fonts that travel with the application.

    ValueError for a drawing that names another picture: the renderer would read it from the disk, and no chart has one.
    """
    if "<image" in svg:
        raise ValueError("a drawing with a picture in it")
    from resvg_py import svg_to_bytes  # noqa: PLC0415 - only Word reports need it

    fonts = Path(settings.BASE_DIR) / "node_modules" / "@expo-google-fonts"
    files = [str(path) for path in sorted(fonts.glob("*/400Regular/*.ttf"))]
    return bytes(
        svg_to_bytes(
            svg_string=svg,
            zoom=zoom,
            background="#ffffff",
            font_files=files,
            font_family="Noto Sans SC",
            skip_system_fonts=bool(files),
        )
    )


def _tidy(svg: str, option: Option, name: str) -> str:
    """Rewrite what ECharts says by style sheets as attributes, make ids unique, and link data to their rows."""
    svg = _TEXT_STYLE.sub(_as_attributes, _CLASS.sub("", _STYLE.sub("", svg)))
    svg = _LOCAL_ID.sub(f"c{name}-", svg)
    return _DATUM.sub(lambda found: _linked(found, option), svg)


def _as_attributes(found: re.Match[str]) -> str:
    """``font-size:12px;font-family:…`` as ``font-size="12px"``; the family is the page's."""
    pairs = (pair.partition(":") for pair in found[1].split(";") if pair)
    return "".join(f' {name}="{value}"' for name, _, value in pairs if name != "font-family")


def _linked(found: re.Match[str], option: Option) -> str:
    """Put a link to its rows around the shape of one datum, named by what it stands for."""
    data, place = option["series"][int(found[1])].get("data", []), int(found[2])
    datum = data[place] if place < len(data) else None
    url = datum.get("url", "") if isinstance(datum, Mapping) else ""
    if not url:
        return found[0]
    return f'<a href="{escape(url)}" aria-label="{escape(_name(option, datum, place))}">{found[0]}</a>'


def _name(option: Option, datum: Mapping[str, Any], place: int) -> str:
    """Return a datum in words: what it is called, or its labels on the axes, and its figure."""
    value = datum.get("value", "")
    if isinstance(value, list):  # a cell: across, down, figure
        labels = [option[axis]["data"][at] for axis, at in zip(("xAxis", "yAxis"), value, strict=False)]
        return f"{labels[1]} {labels[0]}：{value[-1]}"
    axes = (option.get(axis, {}).get("data") for axis in ("xAxis", "yAxis"))
    label = next((names[place] for names in axes if names), "")
    return f"{datum.get('name') or label}：{value}"

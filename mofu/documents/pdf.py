"""PDF by WeasyPrint: a report, or any HTML of ours, on A4 by GB/T 9704 with fonts that travel with the application.

WeasyPrint takes a second to import and needs the Pango libraries, so it is imported on first use.
"""

import contextlib
import io
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from html import unescape
from importlib import import_module
from pathlib import Path
from types import ModuleType

from django.template.loader import render_to_string
from pypdf import PdfWriter
from pypdf.generic import NameObject, TextStringObject

from mofu.documents import fonts
from mofu.documents.print_layout import Layout
from mofu.documents.report import Report

Resources = Mapping[str, tuple[bytes | Path, str]]
"""Address → (content or file, media type): all a document may load."""

Step = Callable[[int, int], None]
"""Told how many leaves of how many are laid out."""

LEAVES = 50
"""Loose leaves laid out at a time: a few megabytes of memory each."""

STYLESHEET = Path(__file__).with_name("print.css")


class PdfUnavailable(RuntimeError):  # noqa: N818  # the page shows it as a state, not as a fault
    """The Pango libraries are missing; the message tells the administrator, in Chinese, what to install."""

    def __init__(self) -> None:
        super().__init__(
            "本机缺少 PDF 排版所需的 Pango 组件，暂不能生成 PDF。"
            "请系统管理员安装软件包 libpango-1.0-0 libpangoft2-1.0-0（建议同时安装 libharfbuzz-subset0），然后重启服务；"
            "Excel 和 Word 输出不受影响。"
        )


def pdf_available() -> bool:
    """Whether PDFs can be made here (imports WeasyPrint the first time, about a second)."""
    try:
        _weasyprint()
    except PdfUnavailable:
        return False
    return True


def to_pdf(report: Report, step: Step | None = None) -> bytes:
    """The report as a PDF file with title, language, outline and embedded, subset fonts.

    Of many loose leaves a few dozen are laid out at a time, so that five hundred take no more memory; ``step`` is told
    how many are done. Raises ``PdfUnavailable`` when Pango is missing.
    """
    if not report.loose_leaves or len(report.sections) <= LEAVES:
        return _laid_out(report)
    parts = []
    for start in range(0, len(report.sections), LEAVES):
        if step:
            step(start, len(report.sections))
        parts.append(_laid_out(replace(report, sections=report.sections[start : start + LEAVES])))
    return joined(parts, title=report.title, author=report.issuer, subject=report.mark)


def _laid_out(report: Report) -> bytes:
    layout = Layout()
    html = render_to_string("documents/report.html", layout.context(report))
    return html_to_pdf(html, css=["\n".join(layout.rules)], resources=layout.pictures)


def joined(parts: Sequence[bytes], *, title: str, author: str, subject: str = "") -> bytes:
    """The pages of several PDF files of ours as one, with title, author, subject and language."""
    writer = PdfWriter()
    for part in parts:
        writer.append(io.BytesIO(part), import_outline=False)
    writer.add_metadata({"/Title": title, "/Author": author, "/Subject": subject})
    writer.root_object[NameObject("/Lang")] = TextStringObject("zh-CN")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def html_to_pdf(html: str, *, css: Sequence[str] = (), resources: Resources | None = None) -> bytes:
    """HTML of our own templates as PDF, under the print stylesheet and then ``css``.

    Only the bundled fonts and ``resources`` can be loaded; anything else the HTML names is left out.
    Raises ``PdfUnavailable`` when Pango is missing.
    """
    weasyprint = _weasyprint()
    sheets = [fonts.faces(), STYLESHEET.read_text(encoding="utf-8"), *css]
    cut = fonts.cut_to([unescape(html), *sheets, *_drawn_texts(resources or {})])
    fetcher = import_module("mofu.documents.resources").RegisteredOnly({**cut, **(resources or {})})
    font_config = import_module("weasyprint.text.fonts").FontConfiguration()
    styles = [weasyprint.CSS(string=text, font_config=font_config, url_fetcher=fetcher) for text in sheets]
    document = weasyprint.HTML(string=html, url_fetcher=fetcher)
    return document.write_pdf(stylesheets=styles, font_config=font_config)


def _drawn_texts(resources: Resources) -> Iterator[str]:
    """The sources of the charts, whose text is set in the same fonts."""
    for content, media_type in resources.values():
        if media_type == "image/svg+xml" and isinstance(content, bytes):
            yield unescape(content.decode())


def _weasyprint() -> ModuleType:
    try:
        # WeasyPrint prints advice in English when a library is missing; ours is in the exception.
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            return import_module("weasyprint")
    except (OSError, ImportError) as error:
        raise PdfUnavailable from error

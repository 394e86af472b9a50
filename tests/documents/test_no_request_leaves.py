"""Addresses inside reports: nothing is asked for, nothing is read from the disk, nothing is embedded.

Twice: as text of a report (names, paragraphs of staff, cells, charts), where they stay text, and as markup of a template
that forgot to escape, where the fetcher refuses them.
"""

from __future__ import annotations

import io
import socket
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer

import pypdf
import pytest

from mofu.documents import pdf
from mofu.documents.chart import Datum, Node
from mofu.documents.charts import columns, network, ranking, shares
from mofu.documents.echarts import _engine, to_png
from mofu.documents.report import Formalities, Paragraph, Picture, Report, Section, Table
from mofu.documents.word import to_docx
from mofu.documents.workbook import to_xlsx

from .sample import DAY

needs_pango = pytest.mark.skipif(not pdf.pdf_available(), reason="Pango is not installed on this machine")
TAGS = (
    '<img src="{}">', '<link rel="attachment" href="{}">', '<link rel="stylesheet" href="{}">', '<style>@import url("{}");</style>',
    '<style>@font-face {{ font-family: x; src: url("{}") }} p {{ font-family: x }}</style>', '<object data="{}"></object>',
    '<embed src="{}">', '<iframe src="{}"></iframe>', '<p style="background: url({})">文</p>', '<style>li {{ list-style-image: url("{}") }}</style><li>文',
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9"><image xlink:href="{0}" href="{0}" width="9" height="9"/><use href="{0}#x"/></svg>',
    '<base href="{}"><img src="x.png">', '<a rel="attachment" href="{}">文</a>', '<style>p::before {{ content: url("{}") }}</style><p>文',
)  # fmt: skip
EMBEDDED = (
    "/EmbeddedFiles",
    "/Filespec",
    "/JavaScript",
    "/JS",
    "/Launch",
    "/OpenAction",
    "/SubmitForm",
    "/GoToR",
    "/AA",
)


@pytest.fixture
def web():
    """A server on this machine that counts who asks; every other page of it leads on to another."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(302 if self.path == "/redirect" else 200)
            self.send_header("Location", "/secret")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1], asked
    server.shutdown()
    server.server_close()


@pytest.fixture
def guarded(monkeypatch, web, tmp_path):
    """The addresses to try, and what tried to leave: connections, look-ups of names, visits to the server."""
    port, left = web
    connect = socket.socket.connect
    monkeypatch.setattr(socket.socket, "connect", lambda one, to: (left.append(to), connect(one, to))[1])
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, lambda *args, **_: left.append(args))
    secret = tmp_path / "secret.txt"
    secret.write_text("机密内容")
    local = f"127.0.0.1:{port}"
    return [
        secret.as_uri(), str(secret), "file:///etc/passwd", "file://localhost/etc/passwd", "FILE:///etc/hostname", "/etc/passwd", "../../../../etc/passwd",
        f"http://{local}/a.png", f"HTTP://{local}/b.css", f"http://{local}/redirect", f"//{local}/c.png", f"http://user:pw@{local}/d", f"http://localhost:{port}/e",
        f"http://[::1]:{port}/f", f"http://0x7f000001:{port}/g", f"http://2130706433:{port}/h", f"http://127.1:{port}/i", "http://169.254.169.254/latest/meta-data/",
        "http://metadata.example.invalid/", "https://example.invalid/x.svg", "ftp://127.0.0.1/x", "gopher://127.0.0.1:9/x", "data:text/html,<img src=x>",
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>", "jar:file:///x!/y", "javascript:alert(1)", "mofu-font:../../etc/passwd",
    ], left  # fmt: skip


def report_with(texts):
    """A report that says each address in every place a text can stand in."""
    data = [Datum(number + 1, name=text) for number, text in enumerate(texts)]
    charts = [
        columns(texts[0], texts, []), ranking(texts[1], list(zip(texts, data, strict=True))), shares(texts[2], data),
        network(texts[3], Node(texts[4], children=[Node(text) for text in texts])),
    ]  # fmt: skip
    marked = [f'<img src="{text}">' for text in texts] + [f"@import url({text});" for text in texts]
    blocks = [
        *(Paragraph(text) for text in [*texts, *marked]),
        Table(texts[0], [texts[1], texts[2]], [[text, mark] for text, mark in zip(texts, marked, strict=False)], note=texts[5]),
        *(chart.picture for chart in charts),
    ]  # fmt: skip
    formal = Formalities(red_head=texts[6], addressee=texts[7], copies_to=texts[8], printed_by=texts[9])
    return Report(
        texts[10], texts[11], texts[13], DAY, [Section(texts[12], blocks=blocks)], formalities=formal
    )


def kept_of(content):
    """Every name and word in a PDF's objects."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert not reader.attachments
    return " ".join(
        str(reader.get_object(number))
        for number in range(1, len(reader.xref[0]) + 1)
        if number in reader.xref[0]
    )


@needs_pango
def test_addresses_in_the_texts_of_a_report_stay_text(guarded):
    texts, left = guarded
    report = report_with(texts)
    made = pdf.to_pdf(report)
    assert left == []
    inside = kept_of(made)
    assert [word for word in (*EMBEDDED, "/URI") if word in inside] == []
    said = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages).replace("\n", "")
    assert "机密内容" not in said
    assert "root:" not in said
    assert texts[0] in said
    assert '<img src="/etc/passwd">' in said


def test_word_and_workbooks_point_nowhere(guarded):
    texts, left = guarded
    report = report_with(texts)
    for made in (to_docx(report), to_xlsx(report)):
        with zipfile.ZipFile(io.BytesIO(made)) as package:
            parts = {
                name: package.read(name).decode("utf-8", "replace")
                for name in package.namelist()
                if name.endswith((".xml", ".rels"))
            }
        assert [name for name, text in parts.items() if 'TargetMode="External"' in text] == []
        assert [name for name, text in parts.items() if "<w:instrText" in text and "HYPERLINK" in text] == []
        assert [
            name
            for name, text in parts.items()
            if "<hyperlink" in text or "<f>HYPERLINK" in text or "INCLUDEPICTURE" in text
        ] == []
    assert left == []


@needs_pango
@pytest.mark.parametrize("tag", TAGS)
def test_addresses_in_markup_are_refused(tag, guarded):
    addresses, left = guarded
    assert len(addresses) >= 25
    if "@import" in tag:  # WeasyPrint stops at one without a scheme, as there is no address to read it from
        addresses = [address for address in addresses if ":" in address and not address.startswith("//")]
    made = pdf.html_to_pdf(
        "<html><body>文" + "".join(tag.format(address) for address in addresses) + "</body></html>"
    )
    assert left == []
    assert [word for word in EMBEDDED if word in kept_of(made)] == []
    assert "机密内容" not in "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages)


def test_the_engine_of_charts_knows_neither_network_nor_files():
    names = ("fetch", "XMLHttpRequest", "WebSocket", "EventSource", "require", "process", "Deno", "Bun", "importScripts", "Worker", "load", "read", "readline", "print", "d8", "document", "window", "navigator", "WebAssembly && 0")  # fmt: skip
    engine = _engine()
    known = {name: engine._context.eval(f"typeof ({name.split()[0]})") for name in names[:-1]}
    assert {name for name, kind in known.items() if kind != "undefined"} == set()
    with pytest.raises(Exception, match=r"import|Cannot|module|Error"):
        engine._context.eval("import('/etc/passwd')").get(timeout=5)


def test_pictures_drawn_for_word_hold_no_picture_from_elsewhere(guarded, tmp_path):
    texts, left = guarded
    for block in report_with(texts).sections[0].blocks:
        if isinstance(block, Picture):
            assert "<image" not in block.svg
            assert "<foreignObject" not in block.svg
            to_png(block.svg)
    assert left == []


def test_a_drawing_that_names_a_file_is_not_made_a_picture(tmp_path):
    file = tmp_path / "x.png"
    file.write_bytes(b"")
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{file}" width="9" height="9"/></svg>'
    with pytest.raises(ValueError, match="picture"):
        to_png(drawing)

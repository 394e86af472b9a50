"""Headers on every kind of answer; what is too large, malformed or asked in the wrong way is refused without technical words."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client
from django.urls import path

from mofu import urls
from mofu.wire import HEADERS
from tests.makers import make_event, make_laureate
from tests.registers.pictures import plain, saved

TECHNICAL = re.compile(r"django|python|traceback|exception|sqlite|postgres|gunicorn|nginx|SQL|line \d|/work|/srv|\.py\b|Error\b|None\b", re.IGNORECASE)  # fmt: skip
PAGES = ("400.html", "403.html", "403_csrf.html", "404.html", "405.html", "413.html", "429.html", "500.html", "503.html")  # fmt: skip
WHOLE = "multipart/form-data; boundary=x"


def breaks(_request):
    raise RuntimeError("secret words in /srv/mofu/app.py line 3")


@pytest.fixture
def client(cast, settings):
    """The city's clerk; ``/breaks/`` fails, a failing view answers 500 instead of raising."""

    class Urls:
        handler400, urlpatterns = urls.handler400, [path("breaks/", breaks), *urls.urlpatterns]

    settings.ROOT_URLCONF = Urls
    found = Client(raise_request_exception=False)
    found.force_login(cast.city)
    return found


def answers(client, cast):
    event, person = make_event(org=cast.dongtai), make_laureate(org=cast.dongtai)
    person.photo.save("a.png", SimpleUploadedFile("a.png", saved(plain(), "PNG")))
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.7\n")
    sent = client.post(f"/events/{event.pk}/files/", {"files": file}, follow=True)
    attached = re.search(r"/files/\d+/", sent.content.decode())[0]
    yield "page", 200, client.get("/")
    yield "static", 200, client.get("/static/mofu/app.css")
    yield "redirect", 302, client.get("/favicon.ico")
    yield "json", 200, client.get("/laureates/pick/")
    yield "health", 200, client.get("/health/")
    yield "evidence", 200, client.get(attached)
    yield "photo", 200, client.get(f"/laureates/{person.pk}/photo/")
    yield "workbook", 200, client.get("/laureates/?export=xlsx")
    yield "malformed", 400, client.get("/laureates/?q=%00")
    yield "other host", 400, client.get("/", headers={"host": "evil.example"})
    yield "refused", 403, client.get("/trail/")
    yield "missing", 404, client.get("/nothing/")
    yield "wrong method", 405, client.get("/large-text/")
    yield "too large", 413, client.post("/laureates/new/", {"name": "x" * 6_000_000})
    yield "broken", 500, client.get("/breaks/")


def test_every_answer_carries_the_headers(client, cast):
    for name, status, response in answers(client, cast):
        assert response.status_code == status, name
        for header, value in HEADERS.items():
            assert response[header] == value, (name, header)
        policy = response["Content-Security-Policy"]
        assert "default-src 'self'" in policy or policy == "sandbox; default-src 'none'", name
        assert "unsafe" not in policy
        assert response["X-Content-Type-Options"] == "nosniff", name
        assert response["Referrer-Policy"] == "same-origin", name
        assert response["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert not {"Server", "X-Powered-By", "Access-Control-Allow-Origin"} & set(response.headers), name
        assert response["X-Frame-Options"] == "DENY", name
        if name != "static":
            assert "no-store" in response["Cache-Control"], name
        if "Content-Length" in response.headers and not response.streaming:
            assert int(response["Content-Length"]) == len(response.content), name
        if status >= 400:
            text = response.content.decode()
            assert "返回首页" in text, name
            assert not TECHNICAL.search(re.sub(r"<[^>]*>", "", text)), name


@pytest.mark.parametrize("page", PAGES)
def test_error_pages_say_what_to_do_and_nothing_technical(page):
    words = re.sub(r"<[^>]*>", "", render_to_string(page))
    assert not TECHNICAL.search(words)
    assert re.search("[\u4e00-\u9fff]{6}", words)


@pytest.mark.parametrize("method", ["TRACE", "PUT", "PATCH", "DELETE", "CONNECT", "PROPFIND", "FOO"])
def test_other_methods_do_nothing(method, client, cast):
    person = make_laureate(org=cast.dongtai)
    for address in ("/laureates/", f"/laureates/{person.pk}/", f"/laureates/{person.pk}/delete/"):
        assert client.generic(method, address).status_code == 405
    person.refresh_from_db()


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Host", "Forwarded"])  # fmt: skip
def test_headers_that_pretend_change_nothing(header, client, cast):
    person = make_laureate(org=cast.dongtai)
    values = {
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "host=evil.example",
        "X-Original-URL": "/trail/",
        "X-Rewrite-URL": "/trail/",
    }
    response = client.get(f"/laureates/{person.pk}/", headers={header: values.get(header, "DELETE")})
    assert response.status_code == 200
    assert "evil.example" not in response.content.decode()
    person.refresh_from_db()


def test_too_much_is_refused_with_a_page(client, settings):
    settings.UPLOAD_MAX_SIZE = 1000
    files = {"file": SimpleUploadedFile("a.xlsx", b"x" * 2000)}
    for sent in (
        client.post("/laureates/import/", files),
        client.post("/laureates/new/", {f"f{number}": "1" for number in range(6000)}),
        client.post(
            "/laureates/new/", "name=" + "x" * 6_000_000, content_type="application/x-www-form-urlencoded"
        ),
    ):
        assert sent.status_code == 413
        assert "提交的内容过大" in sent.content.decode()
    settings.UPLOAD_MAX_SIZE = 10**6
    many = {f"f{number}": SimpleUploadedFile("a.xlsx", b"x") for number in range(30)}
    assert client.post("/laureates/import/", many).status_code == 413


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"xxx", "multipart/form-data", {400}), (b"xxx", WHOLE, {400, 422}), (b"--x\r\nContent-Disposition: form-data; name=", WHOLE, {400, 422}),
        (b"--x\r\n" + b"A: b\r\n" * 5000 + b"\r\n\r\n--x--", WHOLE, {400, 422}), (b"name=%ff%fe%00", "application/x-www-form-urlencoded", {422}),
        (b"name=\xff\x00", "application/x-www-form-urlencoded; charset=utf-8", {422}), (b"name=x", "application/x-www-form-urlencoded; charset=utf-7", {400, 422}),
        (b"name=x", "text/plain", {422}), (b"{", "application/json", {422}), (b"", "", {422}), (b"\0" * 5000, "\x01/\x02", {422}),
    ],
)  # fmt: skip
def test_malformed_bodies_are_refused(body, kind, status, client):
    assert client.generic("POST", "/laureates/new/", body, content_type=kind).status_code in status


@pytest.mark.parametrize(
    "query",
    ["q=%ff%fe", "q=%", "q=%u0041", "&&&==", "q[]=1", "q=" + "x" * 4000, "%ff=%ff", "q=\x7f", "page=%c0%ae"],
)
def test_malformed_questions_are_read_as_well_as_may_be(query, client):
    assert client.get(f"/laureates/?{query}").status_code in (200, 302, 400)


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", "..\\..\\windows\\win.pdf", "/etc/x.pdf", "a\r\nX-Evil: 1.pdf", 'a";x="b.pdf', "a\0b.pdf", "\u202efdp.exe.pdf", "长" * 300 + ".pdf", "….pdf", ".pdf"])  # fmt: skip
def test_names_of_files_neither_climb_nor_break_a_header(name, client, cast):
    event = make_event(org=cast.dongtai)
    file = SimpleUploadedFile("x.pdf", b"%PDF-1.7\n")
    file._name = name
    text = client.post(f"/events/{event.pk}/files/", {"files": file}, follow=True).content.decode()
    found = re.search(r"/files/\d+/", text)
    if not found:
        assert "不是可接受的文件类型" in text or "请先选择" in text
        return
    response = client.get(found[0])
    head = response["Content-Disposition"]
    assert re.fullmatch(r"attachment; filename\*=UTF-8''[A-Za-z0-9%._~!$&+^`|-]+", head), head
    assert not re.search(r"%0[0-9a-f]|%2f|%5c|%e2%80%ae", head, re.IGNORECASE)
    assert "X-Evil" not in response.headers
    stored = list((settings.MEDIA_ROOT / "attachments").iterdir())
    assert re.fullmatch(r"[0-9a-f]{32}(\.pdf)?", stored[0].name)

"""``python -m bench.editors [--editors 200] [--records 10] [--saves 2000] [--think 15]``: nobody's work is lost.

So many people at once keep editing so few records through a real gunicorn: each opens the form of one of them, adds one to
the number in its remarks after a while, and saves. Whoever is told (409) that another was faster starts again. In the end
the numbers must add up to the saves that were accepted, so must the entries of the trail, and nothing may have been
answered otherwise. Works on a database of its own: SQLite in a temporary folder, or the empty one of DATABASE_URL.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import tempfile
import threading
import time
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import urlencode

from bench.server import HOST, serving

HEAD = {"Content-Type": "application/x-www-form-urlencoded"}


class Form(HTMLParser):
    """The values that a browser would send of the page's edit form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._inside, self._select, self._area = False, "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name = found.get("name") or ""
        if tag == "form":
            self._inside = "record-form" in (found.get("class") or "")
        elif self._inside and tag == "select":
            self._select = name
        elif self._inside and tag == "option" and "selected" in found:
            self.values[self._select] = found.get("value") or ""
        elif self._inside and tag == "textarea":
            self._area = name
            self.values[name] = ""
        elif self._inside and tag == "input" and self._is_sent(found):
            self.values[name] = found.get("value") or ""

    @staticmethod
    def _is_sent(found: dict[str, str | None]) -> bool:
        return found.get("type") not in ("checkbox", "radio", "file", "submit") or "checked" in found

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        self._area = "" if tag == "textarea" else self._area
        self._inside = self._inside and tag != "form"


class Editors:
    """What all editors share: how many saves are left, what came of those that were made, how long they took."""

    def __init__(self, options: argparse.Namespace, port: int, cookies: list[str], keys: list[int]) -> None:
        self.options, self.port, self.keys, self.cookies = options, port, keys, cookies
        self.left, self.lock = options.saves, threading.Lock()
        self.answers: Counter[int] = Counter()
        self.times: list[float] = []

    def run(self) -> None:
        """Let all of them edit until every save is made."""
        threads = [threading.Thread(target=self._edit, args=(n,)) for n in range(self.options.editors)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _edit(self, number: int) -> None:
        chance, cookie = random.Random(number), self.cookies[number % len(self.cookies)]
        time.sleep(chance.uniform(0, self.options.think))
        while self._takes_one():
            address = f"/laureates/{self.keys[number % len(self.keys)]}/edit/"
            status, page, _ = self._ask("GET", address, cookie)
            if status != 200:
                self._note(status, 0)
                continue
            values = Form(page).values
            values["note"] = str(int(values.get("note", "").strip() or 0) + 1)
            time.sleep(chance.uniform(0.3, 1.7) * self.options.think)
            status, _, seconds = self._ask("POST", address, cookie, urlencode(values | {"save": "1"}))
            self._note(status, seconds)

    def _takes_one(self) -> bool:
        with self.lock:
            self.left -= 1
            return self.left >= 0

    def _note(self, status: int, seconds: float) -> None:
        with self.lock:
            self.answers[status] += 1
            self.times.append(seconds)

    def _ask(self, method: str, path: str, cookie: str, body: str = "") -> tuple[int, str, float]:
        token = cookie.partition("csrftoken=")[2].partition(";")[0]
        connection = http.client.HTTPConnection(HOST, self.port, timeout=120)
        begun = time.perf_counter()
        connection.request(method, path, body or None, {**HEAD, "Cookie": cookie, "X-CSRFToken": token})
        response = connection.getresponse()
        page = response.read().decode()
        connection.close()
        return response.status, page, time.perf_counter() - begun


def main() -> None:
    """Prepare, edit, count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--editors", type=int, default=200)
    parser.add_argument("--records", type=int, default=10)
    parser.add_argument("--saves", type=int, default=2000)
    parser.add_argument(
        "--think", type=float, default=15, help="seconds between opening a form and saving it"
    )
    parser.add_argument("--workers", type=int, default=4)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/editors.sqlite3")
        os.environ |= {
            "MOFU_ENV": "dev",
            "DJANGO_SETTINGS_MODULE": "mofu.settings",
            "CACHE_URL": f"filecache://{folder}/cache",
        }
        import django  # noqa: PLC0415 - settings are read on import, so the environment comes first

        django.setup()
        _run(options)


def _run(options: argparse.Namespace) -> None:
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    keys, cookies = _prepared(options)
    mark = _last_entry()
    connection.close()
    with serving(dict(os.environ), options.workers) as port:
        editors = Editors(options, port, cookies, keys)
        begun = time.perf_counter()
        editors.run()
        passed = time.perf_counter() - begun
    _report(editors, passed, mark)


def _prepared(options: argparse.Namespace) -> tuple[list[int], list[str]]:
    """Make the records and the editors' sessions; each editor is a member of the city's staff."""
    from django.middleware.csrf import _get_new_csrf_string  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from models_app.models import Laureate  # noqa: PLC0415
    from mofu.accounts.models import Organization, Role, User  # noqa: PLC0415

    city = Organization.everything.get(parent=None)
    people = [Laureate(org=city, name=f"热点{n}", category="model", note="0") for n in range(options.records)]
    for person in people:
        person.save()
    cookies = []
    for number in range(options.editors):
        user = User(username=f"editor{number}", name=f"编辑{number}", role=Role.CITY, organization=city)
        user.set_unusable_password()
        user.save()
        client = Client()
        client.force_login(user)
        session = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        cookies.append(f"{session}; csrftoken={_get_new_csrf_string()}")
    return [person.pk for person in people], cookies


def _last_entry() -> int:
    from mofu.accounts import trail  # noqa: PLC0415

    return trail.last_entry()


def _report(editors: Editors, passed: float, mark: int) -> None:
    from django.db import connection  # noqa: PLC0415

    from models_app.models import Laureate  # noqa: PLC0415
    from mofu.accounts.models import TrailEntry  # noqa: PLC0415

    saved, refused = editors.answers[302], editors.answers[409]
    notes = Laureate.everything.filter(pk__in=editors.keys).values_list("note", flat=True)
    total = sum(int(note) for note in notes)
    entries = TrailEntry.objects.filter(pk__gt=mark, action="changed", model="models_app.laureate")
    steps = sorted(
        tuple(map(int, json.loads(text)["note"])) for text in entries.values_list("changes_json", flat=True)
    )
    followed = all(after == before + 1 for before, after in steps)
    times = sorted(editors.times)
    others = {status: count for status, count in editors.answers.items() if status not in (302, 409)}
    print(
        f"{connection.vendor}: {editors.options.editors} editors, {len(editors.keys)} records, {passed:.0f} s, load {os.getloadavg()[0]:.1f}"
    )
    print(f"{saved} saved, {refused} told that another was faster (409), other answers: {others or 'none'}")
    print(f"sum of the numbers {total}, entries on the trail {len(steps)}, each from n to n + 1: {followed}")
    print(
        f"save: median {times[len(times) // 2]:.2f} s, p99 {times[int(len(times) * 0.99)]:.2f} s, longest {times[-1]:.2f} s"
    )
    if not (saved == total == len(steps) and followed and not others):
        raise SystemExit("FAILED")


if __name__ == "__main__":
    main()

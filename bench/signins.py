"""``python -m bench.signins [--tries 200]``: what a refused sign-in takes, and whether brakes hold across processes.

A gunicorn of its own over a database of its own, with the password hasher of production. Names that exist, that do not, and
that are switched off are tried in turn, so that noise falls on all alike; the counts are emptied between tries. The medians of
elapsed time want a quiet machine; those of processor time within one process do not.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from bench.server import HOST, ROOT, serving

WORKERS = 3
ALLOWED_MS = 5
NAMES = {"known": "known", "unknown": "nobody-of-this-name", "switched off": "gone"}
MAKE = """
from mofu.accounts.models import Organization, User
unit = Organization(name="盐城市", kind="city", code="320900"); unit.save()
for name in ("known", "gone"):
    user = User(username=name, name=name, role="leader", organization=unit, is_active=name == "known")
    user.set_password("granite umbrella 31"); user.save()
"""

MEASURE = """
import logging, time
from statistics import median
from django.test import Client
from mofu.entrance.models import SignInBrake
logging.disable(logging.CRITICAL)
client, names, spent = Client(), {names!r}, {{}}
for number in range({tries}):
    for name in names[number % 3:] + names[:number % 3]:
        SignInBrake.objects.all().delete()
        begun = time.process_time()
        assert client.post("/login/", {{"login": name, "password": f"wrong-password-{{number}}"}}).status_code == 200
        spent.setdefault(name, []).append((time.process_time() - begun) * 1000)
medians = {{name: median(times) for name, times in spent.items()}}
print("processor time:", ", ".join(f"{{name}} {{value:.2f}} ms" for name, value in medians.items()))
print(f"largest difference of processor time: {{max(medians.values()) - min(medians.values()):.2f}} ms")
"""


class Visitor:
    """Somebody who sends the sign-in form over one connection, as if from any address."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection(HOST, port, timeout=300)
        status, headers, page = self._ask("GET", {}, b"")
        assert status == 200, status
        self.cookie = re.search(r"csrftoken=[^;]+", headers["Set-Cookie"])[0]
        self.token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]

    def sign_in(self, name: str, password: str, address: str) -> tuple[int, float]:
        """Return status and milliseconds of a try."""
        form = {"login": name, "password": password, "csrfmiddlewaretoken": self.token}
        headers = {
            "Cookie": self.cookie,
            "X-Forwarded-For": address,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        begun = time.perf_counter()
        status, _, _ = self._ask("POST", headers, urlencode(form).encode())
        return status, (time.perf_counter() - begun) * 1000

    def _ask(
        self, method: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, http.client.HTTPMessage, str]:
        self.connection.request(method, "/login/", body=body, headers=headers)
        response = self.connection.getresponse()
        page = response.read().decode()
        if response.will_close:
            self.connection.close()
        return response.status, response.headers, page


def forget(database: Path) -> None:
    """Empty the counts."""
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        connection.execute("delete from entrance_signinbrake")
        connection.commit()


def timing(port: int, database: Path, tries: int) -> float:
    """Print the medians and return the largest difference between two of them, in milliseconds."""
    visitor = Visitor(port)
    taken: dict[str, list[float]] = {kind: [] for kind in NAMES}
    for number in range(tries + 5):
        for kind in [*NAMES][number % 3 :] + [*NAMES][: number % 3]:
            forget(database)
            status, milliseconds = visitor.sign_in(NAMES[kind], f"wrong-password-{number}", "10.0.0.1")
            assert status == 200, status
            if number >= 5:
                taken[kind].append(milliseconds)
    medians = {kind: median(times) for kind, times in taken.items()}
    for kind, value in medians.items():
        print(f"{kind:>14}: median {value:6.2f} ms over {tries} tries")
    return max(medians.values()) - min(medians.values())


def together(port: int, database: Path) -> Counter:
    """Return the answers to forty tries at one name from one address at the same moment."""
    forget(database)
    visitors = [Visitor(port) for _ in range(40)]
    start, answers = threading.Barrier(len(visitors)), Counter()

    def attempt(visitor: Visitor) -> None:
        start.wait()
        answers[visitor.sign_in("known", "wrong-password", "10.0.0.2")[0]] += 1

    threads = [threading.Thread(target=attempt, args=(visitor,)) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def spray(port: int, database: Path) -> tuple[Counter, int]:
    """Return the answers to 1000 names from 20 addresses, and what a real user from elsewhere gets meanwhile."""
    forget(database)
    visitor, answers = Visitor(port), Counter()
    for number in range(1000):
        answers[visitor.sign_in(f"name{number}", "Welcome2026!", f"203.0.113.{number % 20 + 1}")[0]] += 1
    return answers, Visitor(port).sign_in("known", "granite umbrella 31", "198.51.100.7")[0]


def main() -> None:
    parser = argparse.ArgumentParser(description="Refused sign-ins: timing, brakes across processes.")
    parser.add_argument("--tries", type=int, default=200)
    tries = parser.parse_args().tries
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder, "bench.sqlite3")
        own = {
            "MOFU_ENV": "dev",
            "DATABASE_URL": f"sqlite:///{database}",
            "CACHE_URL": f"filecache://{folder}/cache",
        }
        environment = os.environ | own | {"TRUSTED_PROXY_COUNT": "1", "LOG_LEVEL": "ERROR"}
        for command in (["migrate", "--verbosity", "0"], ["shell", "--verbosity", "0", "-c", MAKE]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)
        measure = MEASURE.format(names=[*NAMES.values()], tries=tries)
        subprocess.run(
            [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", measure],
            cwd=ROOT,
            env=environment,
            check=True,
        )
        with serving(environment, WORKERS) as port:
            difference = timing(port, database, tries)
            at_once = together(port, database)
            sprayed, real = spray(port, database)
    print(f"largest difference of medians: {difference:.2f} ms (aim < {ALLOWED_MS})")
    print(f"40 tries at once over {WORKERS} processes: {at_once[200]} looked at the password (aim 5)")
    print(
        f"spray, 1000 names, 20 addresses: {sprayed[200]} looked at a password; a real user meanwhile: {real}"
    )
    if difference >= ALLOWED_MS or at_once[200] != 5 or sprayed[200] > 50 or real != 302:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

"""Timing pages in turn at one client, and throughput at several."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import quote

from bench.server import Browser

WARM_UP = 3


@dataclass
class Page:
    """One address under measurement; ``times`` are milliseconds, ``seconds`` the longest a page may take in all."""

    name: str
    path: str
    times: list[float] = field(default_factory=list)
    size: int = 0

    @property
    def is_admin(self) -> bool:
        """Whether this is a page of the Django admin, which only the administrator opens."""
        return self.path.startswith("/admin/")

    @property
    def p50(self) -> float:
        """The median."""
        return median(self.times)

    @property
    def p95(self) -> float:
        """The 95th percentile."""
        return sorted(self.times)[int(len(self.times) * 0.95)]

    @property
    def address(self) -> str:
        """The path with Chinese text escaped."""
        return quote(self.path, safe="/?&=%-.")


class Visitors:
    """The signed-in browsers: the city's clerk for our pages, the administrator for the admin's."""

    def __init__(self, port: int, city: str, admin: str) -> None:
        self.port, self.cookies = port, {False: city, True: admin}
        self.browsers = {is_admin: Browser(port, cookie) for is_admin, cookie in self.cookies.items()}

    def for_page(self, page: Page) -> Browser:
        """Return the one browser that opens this page in a run at one client."""
        return self.browsers[page.is_admin]

    def another(self, page: Page) -> Browser:
        """Return a further browser for this page."""
        return Browser(self.port, self.cookies[page.is_admin])


def time_in_turn(pages: Sequence[Page], visitors: Visitors, rounds: int, budget: float) -> None:
    """Fetch every page once a round, so that a noisy moment touches all; slow ones stop after ``budget`` seconds."""
    for page in pages:
        _warm_up(visitors.for_page(page), page)
    for _ in range(rounds):
        for page in pages:
            if sum(page.times) < budget * 1000:
                browser = visitors.for_page(page)
                page.times.append(browser.get(page.address))
                page.size = browser.size


def _warm_up(browser: Browser, page: Page) -> None:
    for _ in range(WARM_UP):
        if browser.get(page.address) > 1000:
            return


def requests_a_second(page: Page, visitors: Visitors, *, clients: int, seconds: float) -> float:
    """Return how many requests a second ``clients`` parallel clients get answered."""
    done: list[int] = []
    until = time.perf_counter() + seconds

    def ask() -> None:
        browser, answered = visitors.another(page), 0
        while time.perf_counter() < until:
            browser.get(page.address)
            answered += 1
        done.append(answered)

    begun = time.perf_counter()
    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - begun)

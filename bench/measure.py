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


def time_in_turn(pages: Sequence[Page], port: int, cookie: str, rounds: int, budget: float) -> None:
    """Fetch every page once a round, so that a noisy moment touches all; slow ones stop after ``budget`` seconds."""
    browser = Browser(port, cookie)
    for page in pages:
        _warm_up(browser, page)
    for _ in range(rounds):
        for page in pages:
            if sum(page.times) < budget * 1000:
                page.times.append(browser.get(page.address))
                page.size = browser.size


def _warm_up(browser: Browser, page: Page) -> None:
    for _ in range(WARM_UP):
        if browser.get(page.address) > 1000:
            return


def requests_a_second(page: Page, port: int, cookie: str, *, clients: int, seconds: float) -> float:
    """Return how many requests a second ``clients`` parallel clients get answered."""
    done: list[int] = []
    until = time.perf_counter() + seconds

    def ask() -> None:
        browser, answered = Browser(port, cookie), 0
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

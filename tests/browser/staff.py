"""What a member of staff does in the browser: sign in, fill a form by field names, pick related records, read figures."""

from __future__ import annotations

import re
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

from tests.makers import PASSWORD

DETAIL = re.compile(r"/([a-z-]+)/(\d+)/$")


class Staff:
    """Somebody at the screen. ``page`` is the Playwright page, ``faults`` what went wrong in it so far."""

    def __init__(self, page, faults):
        self.page, self.faults = page, faults

    # moving about ---------------------------------------------------------------------------------------

    def sign_in(self, username, password=PASSWORD):
        self.page.goto("/login/")
        self.page.fill("[name=login]", username)
        self.page.fill("[name=password]", password)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(re.compile(r"^http://[^/]+/$"))

    def open(self, address):
        self.page.goto(address)
        return self.page

    def press(self, name):
        """Press a button that leads to a page."""
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()

    def confirm(self, button):
        """Press a button that asks first, and say yes."""
        button.click()
        with self.page.expect_navigation():
            self.page.get_by_role("dialog").get_by_role("button", name="确定").click()

    def status(self, address):
        """Return the status an address answers with, asked with this person's session."""
        return self.page.request.get(address, max_redirects=0).status

    # forms ------------------------------------------------------------------------------------------------

    def enter(self, slug, *, button, **fields):
        """Fill the form of a new record, press ``button`` and return the record's address."""
        self.open(f"/{slug}/new/")
        self.fill(**fields)
        self.press(button)
        self.page.wait_for_url(DETAIL)
        return urlsplit(self.page.url).path

    def fill(self, **fields):
        for name, value in fields.items():
            self.put(name, value)

    def put(self, name, value):
        """Put a value into the field ``name``, whatever it looks like; lists tick boxes by their label."""
        field = self.page.locator(f"form[method=post] [name='{name}']").first
        if isinstance(value, list):
            for label in value:
                self.tick(name, label)
        elif isinstance(value, bool):
            field.set_checked(value)
        elif field.get_attribute("data-picker-url"):
            self.pick(name, value)
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)

    def tick(self, name, label):
        """Tick the box with ``label`` among the boxes ``name``; unfold the group it is in."""
        box = self.page.locator("label", has=self.page.locator(f"[name='{name}']")).filter(has_text=label)
        group = self.page.locator("details", has=box)
        if group.count() and group.get_attribute("open") is None:
            group.locator("summary").click()
        box.locator("input").check()

    def pick(self, name, text):
        """Type into a type-ahead and take the record offered."""
        self.offers(name, text)
        self._dropdown(name).locator("[data-selectable]", has_text=text).first.click()

    def offers(self, name, text):
        """Type into a type-ahead and return the texts it offers."""
        box = self.page.locator(f"#id_{name}-ts-control")
        self.page.locator(".ts-control", has=box).click()
        with self.page.expect_response(lambda answer: _asked(answer.url) == text) as answered:
            box.fill(text)
        found = [item["text"] for item in answered.value.json()["results"]]
        expected = self._dropdown(name).locator("[data-selectable]" if found else ".no-results")
        expected.first.wait_for()
        return found

    def _dropdown(self, name):
        return self.page.locator(f"#id_{name}-ts-dropdown")

    def value(self, name):
        return self.page.locator(f"form[method=post] [name='{name}']").first.input_value()

    def refused(self, name):
        """Return the message that stands at a field after a refused form; the browser's own note of it is expected."""
        notes = [fault for fault in self.faults if "status of 422" in fault]
        assert len(notes) == 1
        self.faults.remove(notes[0])
        message = self.page.locator(f"#div_id_{name} .invalid-feedback")
        message.wait_for()
        return message.inner_text().strip()

    # reading ----------------------------------------------------------------------------------------------

    def rows(self, address):
        """Return the first cell of each row of a list."""
        self.open(address)
        return self.page.locator("#list tbody th").all_inner_texts()

    def figures(self, year):
        """Return the figure of every indicator on the page of the five actions, with the address it opens."""
        self.open(f"/actions/?year={year}")
        links = self.page.locator(".action-part a[href*='indicator=']").evaluate_all(
            "links => links.map(link => [link.getAttribute('href'), link.textContent.trim()])"
        )
        codes = [parse_qs(urlsplit(href).query)["indicator"][0] for href, _ in links]
        assert len(set(codes)) == len(codes)
        return {code: (int(text), href) for code, (href, text) in zip(codes, links, strict=True)}

    def download(self, link):
        """Follow a link that downloads a file; return its name and its contents."""
        with self.page.expect_download() as started:
            link.click()
        return started.value.suggested_filename, BytesIO(started.value.path().read_bytes())


def _asked(url):
    """Return what a type-ahead asked for, None for other addresses."""
    parts = urlsplit(url)
    return (
        parse_qs(parts.query, keep_blank_values=True).get("q", [""])[0]
        if parts.path.endswith("/pick/")
        else None
    )

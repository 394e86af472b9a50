"""Mutated workbooks through the reader and the preview: taken or refused with a reason, never an error 500.

``FUZZ_EXAMPLES=2000`` tries as many as the figures ask for.
"""

from __future__ import annotations

import os
import random
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mofu.registers.register import REGISTERS
from tests.fuzz.test_forms import answer, fault
from tests.fuzz.values import texts
from tests.specimens import specimen
from tests.workbooks.parts import HONEST, changed, parts_of

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "20"))
SLUGS = ("laureates", "events", "workers", "organizations", "ten-ones", "tasks")


@pytest.fixture
def uploads(cast, signed_in):
    """Return a client that answers 500 instead of raising, and an export of each register to mutate."""
    client, books = Client(raise_request_exception=False), {}
    client.force_login(cast.city)
    for slug in SLUGS:
        for _ in range(3):
            specimen(slug, cast.dongtai)
        books[slug] = Book(b"".join(client.get(f"/{slug}/?export=xlsx").streaming_content))
    return client, books


def other_bytes(content, chance):
    data = bytearray(content)
    for _ in range(chance.choice([1, 2, 5, 30])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data[: chance.randrange(len(data))] if chance.random() < 0.1 else data)


def other_parts(content, chance):
    """Change, drop or double pieces of one XML part, so that every checksum is right."""
    name = chance.choice([name for name in parts_of(content) if name.endswith((".xml", ".rels"))])

    def change(part):
        data = bytearray(part or b" ")
        for _ in range(chance.choice([1, 2, 5, 30])):
            at = chance.randrange(len(data) or 1)
            piece = data[at : at + chance.randrange(1, 40)]
            data[at : at + len(piece)] = chance.choice(
                [b"", piece * 2, b"<", b"&", b'"', b"<v>1</v>", b"9" * 30, b"\xff", b' t="s"', b' r="XFD9"']
            )
        return bytes(data) or b" "

    return changed(content, replace=[(name, change)])


@st.composite
def cells(draw, content):
    """Other values in a few cells, heads included."""
    book = openpyxl.load_workbook(BytesIO(content))
    sheet = book.worksheets[0]
    for _ in range(draw(st.integers(1, 5))):
        row, column = draw(st.integers(1, sheet.max_row + 2)), draw(st.integers(1, sheet.max_column + 1))
        value = draw(
            st.one_of(
                texts,
                st.integers(-(10**12), 10**12),
                st.floats(allow_nan=False, allow_infinity=False),
                st.booleans(),
                st.dates(),
                st.none(),
            )
        )
        if isinstance(value, str):
            value = "".join(letter for letter in value if letter >= " ")[:3000]
        cell = sheet.cell(row, column)
        if not isinstance(cell, openpyxl.cell.cell.MergedCell):
            cell.value = value
            cell.data_type = "s" if isinstance(value, str) else cell.data_type
    out = BytesIO()
    book.save(out)
    return out.getvalue()


class Book(bytes):
    """A workbook that hypothesis does not print."""

    def __repr__(self):
        return f"<{len(self)} bytes>"


@st.composite
def workbooks(draw, books):
    slug = draw(st.sampled_from(sorted(books)))
    content = draw(st.sampled_from([books[slug], books[slug], Book(HONEST)]))
    kind = draw(st.sampled_from(["cells", "cells", "parts", "parts", "bytes"]))
    if kind == "cells":
        return slug, Book(draw(cells(books[slug])))
    chance = random.Random(draw(st.integers(0, 2**32)))
    return slug, Book((other_parts if kind == "parts" else other_bytes)(content, chance))


def test_no_workbook_ends_in_an_error(uploads):
    client, books = uploads
    assert set(SLUGS) <= set(REGISTERS)

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(workbooks(books))
    def upload(given_):
        slug, content = given_

        def ask():
            response = client.post(f"/{slug}/import/", {"file": SimpleUploadedFile("a.xlsx", content)})
            if response.status_code == 302:
                return client.get(response.url)
            assert response.status_code in (422, 500)
            return response

        assert not fault(answer(ask))

    upload()

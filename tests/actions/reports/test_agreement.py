"""PDF, Word and workbook of random years, spans, units and kinds say the same as the report, to the digit.

``MOFU_AGREEMENTS=100`` draws as many orders as the issue asks for; by default a few, so that the suite stays quick.
"""

from __future__ import annotations

import os
import random
from datetime import date

import pytest

from actions.reports.kinds import KINDS
from actions.reports.making import report_of
from actions.reports.renderings import WRITERS
from actions.reports.spans import Span
from mofu.documents.pdf import pdf_available
from mofu.registers.columns import shown
from tests import makers
from tests.documents.reading_back import assert_pdf_agrees, assert_word_agrees, assert_workbook_agrees

DRAWN = int(os.environ.get("MOFU_AGREEMENTS", "10"))
CODES = ("annual", "circular", "board", "action", "tasks", "roster", "studios")
CHECKS = {"docx": assert_word_agrees, "xlsx": assert_workbook_agrees, "pdf": assert_pdf_agrees}


def drawn(number, cast):
    """Return one random order: user, kind, address."""
    chance = random.Random(number)
    kind = KINDS[chance.choice(CODES)]
    user = chance.choice((cast.city, cast.city, cast.county, cast.leader))
    units = ["320981"] if user == cast.county else ["320981", "320924"] + ["320900"] * (kind.code != "board")
    year, start = chance.choice((2024, 2024, 2025)), date(2024, 6, 22)
    query = f"year={year}&org={chance.choice(units)}"
    spans = [code for code in kind.span_codes if Span(year, code).period.end >= start]
    query += f"&span={chance.choice(spans)}" if kind.spans else ""
    query += "&subject=" + chance.choice([code for code, _ in kind.subjects()]) if kind.subjects else ""
    return kind.code, user, query


@pytest.mark.parametrize("number", range(DRAWN))
def test_all_renderings_agree_to_the_digit(number, ordered, cast):
    code, user, query = drawn(number, cast)
    report = report_of(ordered(code, user, query))
    for suffix, check in CHECKS.items():
        if suffix == "pdf" and not pdf_available():
            continue
        check(report, WRITERS[suffix](report))


def test_a_figure_that_differs_would_be_noticed(ordered, cast):
    report = report_of(ordered("annual", cast.city))
    files = {suffix: WRITERS[suffix](report) for suffix in CHECKS if suffix != "pdf" or pdf_available()}
    makers.make_event(org=cast.dongtai, date=date(2024, 9, 1), audience=0)
    later = report_of(ordered("annual", cast.city))
    for suffix, content in files.items():
        with pytest.raises(AssertionError):
            CHECKS[suffix](later, content)


@pytest.mark.parametrize("number", range(DRAWN))
def test_dashboard_list_and_paper_say_one_number(number, ordered, cast, signed_in):
    """Every figure of a random action, unit and year: the page, the list behind it, its export, the paper."""
    chance = random.Random(1000 + number)
    user = chance.choice((cast.city, cast.county, cast.leader))
    unit = "320981" if user == cast.county else chance.choice(("", "320981", "320924"))
    campaign, year = (
        chance.choice([code for code, _ in KINDS["action"].subjects()]),
        chance.choice((2024, 2024, 2025)),
    )
    client = signed_in(user)
    page = client.get(f"/actions/{campaign}/", {"year": year, "org": unit})
    paper = report_of(
        ordered("action", user, f"year={year}&org={unit or '320900'}&subject={campaign}&span=year")
    )
    for suffix in ("docx", "xlsx"):
        CHECKS[suffix](paper, WRITERS[suffix](paper))
    told = {}
    for line in (
        row for section in paper.sections for block in section.blocks for row in getattr(block, "rows", ())
    ):
        told.setdefault(str(line[0]), line)  # the table of figures comes before those by unit and month
    rows = [*page.context["targets"], *page.context["figures"]]
    assert rows
    for row in chance.sample(rows, min(5, len(rows))):
        assert client.get(row.url).context["drill"].figure == f"{row.shown} {row.unit}"
        assert any(shown_number(value) == row.shown for value in told[row.label][1:]), (
            row.label,
            told[row.label],
        )


def shown_number(value):
    """Return a cell of a paper's table as the page shows the figure: ``27 场`` and ``27`` are 27."""
    return shown(value) if not isinstance(value, str) else value.split(" ")[0]

"""Every address × role × own, child, sibling, parent or unrelated unit × method: the matrix, made from the table.

The name of each test says how many cases it holds. No answer, refused or not, says anything of units out of sight,
none an ID number or a phone in full, and a refused request changes nothing.
"""

from __future__ import annotations

import logging

import pytest

from mofu.registers.register import REGISTERS
from tests.access.asking import ask, logged
from tests.access.cases import KNOWN, cases_of
from tests.access.people import PERSONAS
from tests.access.table import GROUPS, LINES
from tests.specimens import SPECIMENS

pytestmark = pytest.mark.django_db
CASES = {title: cases_of(lines) for title, lines in GROUPS.items()}


def test_every_address_has_a_line():
    assert KNOWN - set(LINES) == set()


def test_every_register_has_a_specimen():
    assert set(REGISTERS) == set(SPECIMENS)


def test_the_matrix_is_large_enough():
    assert sum(map(len, CASES.values())) >= 5000


def _told_in(lines, world):
    """Return the lines of the log that hold a personal number in full."""
    return [line for line in lines if any(number in line for number in world.numbers)]


def _surprise(world, case, hidden):
    answer = ask(world, case.persona, case.method, case.url(world), case.line.data)
    if answer.verdict not in case.expected:
        return f"{case}: {answer.verdict} ({answer.status} {answer.leads_to}), expected {'/'.join(case.expected)}"
    if not case.is_allowed and answer.changed:
        return f"{case}: refused, and yet {answer.changed}"
    told = set(hidden.findall(answer.text))
    if told and not (case.is_allowed and case.persona in case.line.tells and told <= world.numbers):
        return f"{case}: tells {sorted(told)[:5]}"
    return None


@pytest.mark.parametrize(
    "title", [pytest.param(title, id=f"{title}-{len(cases)}-cases") for title, cases in CASES.items()]
)
def test_nobody_is_given_more_or_less_than_the_table_says(title, world):
    hidden = {name: world.forbidden(persona) for name, persona in PERSONAS.items()}
    with logged() as lines:
        found = [_surprise(world, case, hidden[case.persona]) for case in CASES[title]]
    surprises = list(filter(None, found))
    assert not surprises, f"{len(surprises)} of {len(found)}\n" + "\n".join(surprises[:60])
    assert _told_in(lines, world) == []


def test_there_are_enough_canaries_in_every_unit(world):
    assert world.canaries > 50 * 7


def test_the_grep_of_all_answers_of_the_matrix_and_of_its_log_finds_numbers_in_pages_xlsx_docx_pdf_and_lines(
    world,
):
    """What the matrix greps every answer with; with a purpose and the right numbers are told, and so are found."""
    person = world.record("laureates", "甲")
    asked = {"purpose": "报省总", "pk": str(person.pk)}
    papers = "/reports/registration/file."
    to_see = {"ask": "1", "purpose": "report", "field": "id_number"}
    every = {"columns": "all", "style": "strict", "full": "on", "purpose": "核对"}
    answers = [
        ask(world, "enterprise clerk", "POST", f"/laureates/{person.pk}/reveal/", to_see),
        ask(world, "enterprise clerk", "POST", "/laureates/export/", every),
        ask(world, "enterprise clerk", "POST", f"{papers}docx", asked),
        ask(world, "enterprise clerk", "POST", f"{papers}pdf", asked),
    ]
    grep = world.forbidden(PERSONAS["enterprise clerk"])
    for answer in answers:
        assert answer.status == 200
        assert person.id_number in grep.findall(answer.text)
    with logged() as lines:
        logging.getLogger("mofu").warning("说出来了：%s", person.id_number)
    assert len(_told_in(lines, world)) == 1

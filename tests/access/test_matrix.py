"""Every address × role × own, child, sibling, parent or unrelated unit × method: the matrix, made from the table.

The name of each test says how many cases it holds. No answer, refused or not, says anything of units out of sight,
none an ID number or a phone in full, and a refused request changes nothing.
"""

from __future__ import annotations

import pytest

from mofu.accounts.models import Role
from mofu.registers.register import REGISTERS
from tests.access.asking import ask, logged
from tests.access.cases import KNOWN, OK, cases_of
from tests.access.people import PERSONAS
from tests.access.table import ADMIN_PAGE, GROUPS, LINES
from tests.makers import make_user
from tests.routes import routes
from tests.specimens import SPECIMENS

pytestmark = pytest.mark.django_db
CASES = {title: cases_of(lines) for title, lines in GROUPS.items()}
TELLS_NUMBERS = ("-reveal", "report-file")  # where somebody with the right has asked for them in full


def test_every_address_has_a_line():
    assert {name for name in KNOWN if not ADMIN_PAGE.match(name)} - set(LINES) == set()


def test_every_register_has_a_specimen():
    assert set(REGISTERS) == set(SPECIMENS)


def test_the_matrix_is_large_enough():
    assert sum(map(len, CASES.values())) >= 5000


def _surprise(world, case, hidden):
    answer = ask(world, case.persona, case.method, case.url(world), case.line.data)
    if answer.verdict not in case.expected:
        return f"{case}: {answer.verdict} ({answer.status} {answer.leads_to}), expected {'/'.join(case.expected)}"
    if case.expected != {OK} and answer.changed:
        return f"{case}: refused, and yet {answer.changed}"
    told = set(hidden.findall(answer.text))
    if told and not (case.expected == {OK} and case.name.endswith(TELLS_NUMBERS) and told <= world.numbers):
        return f"{case}: tells {sorted(told)[:5]}"
    return None


@pytest.mark.parametrize("title", [pytest.param(title, id=f"{title}-{len(cases)}-cases") for title, cases in CASES.items()])
def test_nobody_is_given_more_or_less_than_the_table_says(title, world):
    hidden = {name: world.forbidden(persona) for name, persona in PERSONAS.items()}
    with logged() as lines:
        found = [_surprise(world, case, hidden[case.persona]) for case in CASES[title]]
    surprises = list(filter(None, found))
    assert not surprises, f"{len(surprises)} of {len(found)}\n" + "\n".join(surprises[:60])
    numbers = [line for line in lines if any(number in line for number in world.numbers)]
    assert numbers == []


def test_there_are_enough_canaries_in_every_unit(world):
    assert world.canaries > 50 * 7

"""What lies in the database after the demo was loaded: no ID number and no phone of a person, in no column of no table.

Runs on the engine of the suite, so ``make test`` shows it for SQLite and with DATABASE_URL for PostgreSQL.
"""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection

from actions.models import Worker
from models_app.models import Laureate
from mofu.accounts.models import User


def cells():
    """Yield every value of every table as the database has it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # names of the database itself
            for row in cursor.fetchall():
                for value in row:
                    if isinstance(value, (bytes, memoryview)):
                        yield table, bytes(value).decode("latin-1")
                    elif value is not None:
                        yield table, str(value)


@pytest.mark.django_db
@pytest.mark.parametrize("cipher", ["aes-256-gcm", "sm4-gcm"])
def test_no_personal_number_lies_open_in_the_database(settings, cipher):
    settings.FIELD_CIPHER = cipher
    call_command("load_demo", laureates=30, today=date(2025, 11, 20), password="demo-test-2026", verbosity=0)
    User.objects.filter(username="city").update(phone="13900009999")
    user = User.objects.get(username="city")
    user.phone = "13900008888"
    user.save()
    people = [*Laureate.everything.all(), *Worker.everything.all()]
    numbers = (
        {one.id_number for one in people} | {one.phone for one in people} | {"13900009999", "13900008888"}
    )
    numbers.discard("")
    assert len(numbers) > 40
    assert user.phone in numbers
    found = re.compile("|".join(map(re.escape, numbers)))
    assert {table for table, text in cells() if found.search(text)} == set()

"""Two users import overlapping files at the same time: no duplicates, no lost rows."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections

from models_app.models import Laureate
from mofu.registers.register import REGISTERS
from mofu.registers.sheets import committing
from mofu.registers.sheets.reading import SheetRefused, read
from tests.makers import made_id_number
from tests.registers.sheets_of import workbook_bytes

HEAD = ["姓名", "人员类别", "工作单位", "身份证号"]


def rows(numbers):
    return [[f"张{number}", "劳动模范", "东台市", NUMBERS[number]] for number in numbers]


NUMBERS = [made_id_number() for _ in range(60)]


@pytest.mark.django_db(transaction=True)
def test_overlapping_files_at_once_give_every_person_once(cast):
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("SQLite in memory has one connection: tests/browser/test_import_together.py")
    files = [workbook_bytes(HEAD, *rows(range(40))), workbook_bytes(HEAD, *rows(range(20, 60)))]
    start, refused = threading.Barrier(2), []

    def bring_in(user, content):
        try:
            sheets = read("a.xlsx", content)
            start.wait()
            committing.commit(REGISTERS["laureates"], user, sheets)
        except SheetRefused as refusal:
            refused.append(str(refusal))
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=bring_in, args=(user, content))
        for user, content in zip((cast.county, cast.city), files, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []
    assert sorted(Laureate.everything.values_list("id_number", flat=True)) == sorted(NUMBERS)

"""Where scoped systems leaked (3): what goes out. Files on disk and from jobs, figures, refusals, personal data."""

from __future__ import annotations

import gc
import re
import stat
import tempfile
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from actions.models import Participation, ProgrammeSettings, Team
from actions.progress.frame import Frame
from actions.progress.reading import Reading
from actions.progress.targets import progress_of
from models_app.models import HonourTitle
from mofu.accounts.models import TrailEntry, User
from mofu.documents.pdf import pdf_available
from mofu.registers.models import ImportFile, JobResult
from mofu.registers.register import REGISTERS
from tests import makers
from tests.access.asking import ask
from tests.access.doors import CLERK, steady, told
from tests.access.people import SIGNED_IN
from tests.registers.sheets_of import workbook_bytes
from tests.routes import routes
from tests.specimens import CITY_WIDE, specimen

pytestmark = pytest.mark.django_db
YEAR = "year=2024"
SERIAL = count(1)
FIGURES = ("/", "/actions/", *(f"/actions/{code}/" for code in ("six-ins", "assist-enterprise", "mentoring", "craftsmen", "double-strive")),
           "/people/", "/screen/", "/reports/annual/", "/reports/circular/")  # fmt: skip


# files that were made -------------------------------------------------------------------------------------------


def test_job_results_are_found_by_no_address_but_their_owners(world):
    for node in ("东", "丙"):  # a colleague's, another unit's
        job = world.thing("job", node)
        for persona in SIGNED_IN:
            for page in ("", "result/"):
                answer = ask(world, persona, "GET", f"/jobs/{job.pk}/{page}")
                assert (answer.status, job.title in answer.text) == (404, False), persona
            for step in ("cancel", "again"):
                assert ask(world, persona, "POST", f"/jobs/{job.pk}/{step}/").status == 404
    stored = [str(path) for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert [name for name in stored if "xlsx" in name] == []  # sealed in the database, nothing to guess
    assert all(
        b"PK\x03\x04" not in bytes(row.content)
        for row in [*JobResult.objects.all(), *ImportFile.objects.all()]
    )


def test_refused_rows_are_the_importers_alone(world):
    for slug in ("laureates", "studios"):
        batch = world.thing("batch", "东", None, slug)
        for persona in SIGNED_IN:
            for page in ("", "refused.xlsx"):
                answer = ask(world, persona, "GET", f"/{slug}/import/{batch.pk}/{page}")
                assert answer.status in (403, 404), persona
                assert batch.file_name not in answer.text
        own = world.thing("batch", "东", world.users[CLERK], slug)
        assert ask(world, CLERK, "GET", f"/{slug}/import/{own.pk}/refused.xlsx").status == 200
        other = next(
            found for found in REGISTERS if found not in (slug, "consents") and not REGISTERS[found].city_only
        )
        assert ask(world, CLERK, "GET", f"/{other}/import/{own.pk}/refused.xlsx").status == 404


def test_charts_have_no_address_and_workbooks_of_pages_none_beyond_the_own_unit(world):
    assert [route.pattern for route in routes() if "svg" in route.pattern or "chart" in route.pattern] == []
    for page in ("/actions/", "/actions/mentoring/", "/people/"):
        for node in ("丙", "射", "城"):
            answer = ask(world, CLERK, "GET", f"{page}?{YEAR}&org={world.units[node].code}&export=xlsx")
            assert (answer.status, told(world, answer)) == (404, set())
        for persona in ("county admin", "auditor", "city admin"):
            assert ask(world, persona, "GET", f"{page}?{YEAR}&export=xlsx").status == 403


@pytest.mark.skipif(not pdf_available(), reason="no Pango here")
def test_no_file_of_a_pdf_a_word_document_or_a_workbook_is_left_for_others(world, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    modes, made = [], tempfile.NamedTemporaryFile
    monkeypatch.setattr(
        tempfile, "NamedTemporaryFile", lambda *args, **values: _noted(made(*args, **values), modes)
    )
    laureate, client = world.record("laureates", "东"), world.client(CLERK)
    for suffix in ("pdf", "docx"):
        assert (
            ask(world, CLERK, "POST", f"/reports/registration/file.{suffix}", {"pk": laureate.pk}).status
            == 200
        )
    assert ask(world, CLERK, "GET", f"/reports/circular/file.docx?{YEAR}&span=year").status == 200
    assert ask(world, CLERK, "GET", "/laureates/?export=xlsx").status == 200
    big = SimpleUploadedFile("a.pdf", b"%PDF-1.4 " + b"x" * 3_000_000)
    assert client.post(f"/events/{world.record('events', '东').pk}/files/", {"files": big}).status_code == 302
    sheet = SimpleUploadedFile(
        "a.xlsx",
        workbook_bytes(["姓名", "人员类别", "工作单位"], ["张三", "劳动模范", world.units["东"].name]),
    )
    assert client.post("/laureates/import/", {"file": sheet}).status_code == 302
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} <= {
        0o700
    }  # fonts of a PDF just made
    gc.collect()
    assert list(tmp_path.rglob("*")) == []
    assert modes
    assert set(modes) == {0o600}


def _noted(file, modes):
    modes.append(stat.S_IMODE(Path(file.name).stat().st_mode))
    return file


# figures --------------------------------------------------------------------------------------------------------


def pages_of(client):
    addresses = [f"{page}?{YEAR}" for page in FIGURES] + ["/returned/", "/duplicates/", "/jobs/"]
    addresses += [register.url("list") for slug, register in REGISTERS.items() if not register.city_only]
    return {address: steady(client.get(address)) for address in addresses}


def planted(slug, unit):
    """Return a record of a unit, of an honour or a team of the city's that is there: everybody is offered a new one."""
    kinds = {"honours": "model", "group-honours": "group"}
    known = HonourTitle.objects.filter(kind=kinds.get(slug, "")).first()
    more = {"title": known} if known else {}
    if slug == "memberships":
        more["team"] = Team.everything.first()
    if slug == "group-honours":
        more["section"] = f"班组{next(SERIAL)}"
    return specimen(slug, unit, **more)


def test_no_figure_on_any_page_counts_rows_out_of_sight(cast, signed_in):
    for campaign in ("six-ins", "mentoring", "assist-enterprise", "craftsmen", "double-strive"):
        makers.make_measure(code=f"m-{campaign}", campaign=campaign)
    scoped = [slug for slug in REGISTERS if slug not in CITY_WIDE and slug != "targets"]
    for slug in scoped:
        specimen(slug, cast.dongtai)
    client, whole = signed_in(cast.county), signed_in(cast.city)
    before, city = pages_of(client), pages_of(whole)
    for slug in scoped:
        for state in ("approved", "returned"):
            made = planted(slug, cast.sheyang)
            if REGISTERS[slug].reviewed:
                type(made)._base_manager.filter(pk=made.pk).update(review_state=state)
    after = pages_of(client)
    assert [address for address, page in after.items() if page != before[address]] == []
    now = pages_of(whole)
    assert len([address for address, page in now.items() if page != city[address]]) > 20


def test_every_figure_is_that_of_the_rows_behind_it(world):
    """For the county's clerk and for the city's alike; what the list counts, the page shows."""
    for persona, node in (("county clerk", "东"), ("city staff", "城")):
        user = User.objects.get(pk=world.users[persona].pk)
        frame = Frame(user, 2024, date(2024, 12, 31), world.units[node], ProgrammeSettings.current())
        rows = [row for row in progress_of(Reading(frame)) if row.url and row.value]
        assert len(rows) >= 10
        for row in rows:
            page = world.client(persona).get(row.url)
            assert page.context["drill"].figure == f"{row.shown} {row.unit}", row
            shown = {line.pk for line in page.context["rows"]}
            seen = page.context["register"].rows(user).filter(pk__in=shown).values_list("pk", flat=True)
            assert shown == set(seen)


# refusals -------------------------------------------------------------------------------------------------------

TAKEN = "该身份证号已登记，请勿重复录入。"


@pytest.mark.parametrize("slug", ["laureates", "workers"])
def test_an_id_number_of_another_unit_is_refused_without_a_word_about_whose_it_is(slug, world):
    """That it is registered cannot be kept from who types all 18 digits of it: it is registered once in the city."""
    register = REGISTERS[slug]
    foreign = register.model._base_manager.get(pk=world.record(slug, "丙").pk)
    head, row = (
        ["姓名", "人员类别", "工作单位", "身份证号"],
        ["张三", "劳动模范", world.units["东"].name, foreign.id_number],
    )
    if slug == "workers":
        head, row = [head[0], *head[2:]], [row[0], *row[2:]]
    client = world.client(CLERK)
    address = client.post(
        f"/{slug}/import/", {"file": SimpleUploadedFile("a.xlsx", workbook_bytes(head, row))}
    ).url
    page = ask(world, CLERK, "GET", f"{address}?tab=error")
    workbook = ask(world, CLERK, "GET", f"{address}refused.xlsx")
    assert TAKEN in page.text
    assert TAKEN in workbook.text
    data = {
        "name": "张三",
        "org": world.units["东"].pk,
        "category": "model",
        "id_number": foreign.id_number,
        "status": "active",
    }
    form = ask(world, CLERK, "POST", f"/{slug}/new/", data)
    assert (form.status, TAKEN in form.text) == (422, True)
    masked = foreign.id_number[-4:]
    for answer in (page, form):
        kept = answer.text.replace(foreign.id_number, "")
        assert told(world, answer) <= {foreign.id_number}
        assert str(foreign.birth_date) not in kept.replace(str(foreign.birth_date).replace("-", ""), "")
        assert f"*{masked}" not in kept


def test_the_same_name_and_birth_in_another_unit_is_not_mentioned(world):
    foreign = REGISTERS["laureates"].model._base_manager.get(pk=world.record("laureates", "丙").pk)
    head, words = ["姓名", "人员类别", "工作单位", "出生日期"], {}
    for name in (foreign.name, "从未登记"):
        row = [name, "劳动模范", world.units["东"].name, str(foreign.birth_date)]
        file = SimpleUploadedFile("a.xlsx", workbook_bytes(head, row))
        address = world.client(CLERK).post("/laureates/import/", {"file": file}).url
        page = world.client(CLERK).get(f"{address}?tab=new")
        words[name] = [
            page.context["counts"],
            re.findall("同名|已登记", page.content.decode().replace("从未登记", "")),
        ]
    assert words[foreign.name] == words["从未登记"]


def test_a_refusal_to_delete_counts_what_is_out_of_sight_and_names_none(world):
    person = world.record("laureates", "东")
    Participation(event=world.record("events", "丙"), laureate=person, part="speaker").save()
    makers.make_honour(laureate=person)
    for method in ("GET", "POST"):
        answer = ask(world, CLERK, method, f"/laureates/{person.pk}/delete/")
        assert answer.status in (200, 409)
        assert told(world, answer) == set()


def test_the_history_of_a_record_tells_of_that_record_alone(world):
    client = world.client(CLERK)
    for slug, register in REGISTERS.items():
        record = world.record(slug, "东")
        page = client.get(register.url("history", record.pk))
        entries = [entry for entry, _ in page.context["lines"]]
        assert {(entry.model, entry.object_id) for entry in entries} <= {
            (record._meta.label_lower, str(record.pk))
        }
    for persona in SIGNED_IN - {"auditor", "city admin"}:
        for address in ("/trail/", "/trail/?q=鸿", f"/trail/{TrailEntry.objects.latest('pk').pk}/"):
            answer = ask(world, persona, "GET", address)
            assert (answer.status, told(world, answer, persona)) == (403, set())


# personal data --------------------------------------------------------------------------------------------------


def test_no_number_of_another_unit_is_revealed_and_no_try_counts_as_seen(world):
    for slug, register in REGISTERS.items():
        if not register.secret_fields:
            continue
        for node in ("丙", "射", "城"):
            for field in register.secret_fields:
                pk = world.record(slug, node).pk
                data = {"field": field, "ask": "1", "purpose": "核对", "reason": "核对身份"}
                answer = ask(world, CLERK, "POST", register.url("reveal", pk), data)
                assert (answer.status, told(world, answer)) == (404, set())
    assert not TrailEntry.objects.filter(action="revealed", actor=world.users[CLERK]).exists()


def test_consents_their_scans_and_erasure_stay_with_their_keepers(world):
    own, foreign = world.record("consents", "东"), world.record("consents", "丙")
    for page in ("detail", "edit", "history", "delete"):
        assert ask(world, CLERK, "GET", REGISTERS["consents"].url(page, foreign.pk)).status == 404
        for persona in ("county leader", "county admin", "city leader", "city admin", "auditor"):
            assert ask(world, persona, "GET", REGISTERS["consents"].url(page, own.pk)).status == 403
    for slug in [slug for slug, found in REGISTERS.items() if found.erasable]:
        for persona in SIGNED_IN - {"city staff"}:
            for method in ("GET", "POST"):
                address = REGISTERS[slug].url("erase", world.record(slug, "东").pk)
                answer = ask(world, persona, method, address, {"reason": "本人申请办理", "name": "x"})
                assert (answer.status, answer.changed) == (403, [])


def test_the_list_for_publication_names_nobody_of_another_unit(world):
    for suffix in ("xlsx", "docx"):
        answer = ask(world, CLERK, "GET", f"/reports/roster/file.{suffix}?year=2024")
        assert (answer.status, told(world, answer)) == (200, set())
        answer = ask(
            world, CLERK, "GET", f"/reports/roster/file.{suffix}?year=2024&org={world.units['丙'].code}"
        )
        assert answer.status == 404

"""Agreements and letters of appointment: who stamps them, who may make them, of whom none is made."""

from __future__ import annotations

from io import BytesIO

import docx
import pypdf
import pytest

from mofu.accounts.models import TrailEntry
from mofu.documents.pdf import pdf_available
from tests import makers

needs_pango = pytest.mark.skipif(not pdf_available(), reason="Pango is not installed on this machine")


def body(response):
    return b"".join(response.streaming_content)


def agreement(client, pair, suffix="docx"):
    return client.get(f"/reports/agreement/file.{suffix}?pk={pair.pk}")


def pair_of(cast, apprentices, **values):
    worker = makers.make_worker(org=apprentices)
    return makers.make_mentorship(org=cast.dongtai, apprentice=worker, **values)


def told(response):
    document = docx.Document(BytesIO(body(response)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_both_units_stamp_where_they_differ(cast, signed_in):
    apart = told(agreement(signed_in(cast.city), pair_of(cast, cast.sheyang)))
    assert "师傅所在单位\n\n（盖章）" in apart
    assert "徒弟所在单位\n\n（盖章）" in apart
    assert "本协议一式四份，师徒双方和双方所在单位各执一份。" in apart
    together = told(agreement(signed_in(cast.city), pair_of(cast, cast.dongtai)))
    assert "师傅所在单位" not in together
    assert "本协议一式三份，师徒双方和所在单位各执一份。" in together


@needs_pango
@pytest.mark.parametrize("length", [40, 300, 500])
def test_an_agreement_stays_on_its_page(length, cast, signed_in):
    pair = pair_of(cast, cast.sheyang, goal="一年内掌握龙门铣操作，独立完成加工。" * (length // 18))
    reader = pypdf.PdfReader(BytesIO(body(agreement(signed_in(cast.city), pair, "pdf"))))
    assert len(reader.pages) == 1


@needs_pango
def test_a_certificate_bears_a_number_and_nobodys_name(cast, signed_in):
    made = body(agreement(signed_in(cast.city), pair_of(cast, cast.dongtai), "pdf"))
    text = pypdf.PdfReader(BytesIO(made)).pages[0].extract_text()
    code = TrailEntry.objects.filter(action="exported").latest("pk").reason.rpartition("编号：")[2]
    assert f"编号：{code}" in text
    assert "制表" not in text
    assert cast.city.name not in text


@pytest.mark.parametrize("pending", ["pair", "master"])
def test_no_agreement_of_what_is_not_approved(pending, cast, signed_in):
    master = makers.make_laureate(
        org=cast.dongtai, name="未审师傅", review_state="draft" if pending == "master" else "approved"
    )
    pair = makers.make_mentorship(
        master=master, review_state="submitted" if pending == "pair" else "approved"
    )
    answer = agreement(signed_in(cast.county), pair)
    assert answer.status_code == 422
    assert "“未审师傅—" in answer.content.decode()
    assert "尚未审核通过，不能打印师徒结对协议书" in answer.content.decode()


def test_no_letter_of_appointment_for_who_is_not_approved(cast, signed_in):
    draft = makers.make_laureate(org=cast.dongtai, name="未审某人", review_state="draft")
    letter = makers.make_membership(laureate=draft)
    client = signed_in(cast.city)
    answer = client.get(f"/reports/appointment/file.docx?pk={letter.pk}")
    assert (answer.status_code, "尚未审核通过，不能打印聘书" in answer.content.decode()) == (422, True)
    kept = makers.make_membership(laureate=makers.make_laureate(org=cast.dongtai, name="通过某人"))
    everybody = told(client.get("/reports/appointment/file.docx"))
    assert "通过某人同志" in everybody
    assert "未审某人" not in everybody
    assert kept.laureate.name == "通过某人"


def test_only_who_may_issue_for_the_city_appoints_in_its_name(cast, signed_in):
    letter = makers.make_membership(laureate=makers.make_laureate(org=cast.dongtai))
    for user in (cast.county, cast.leader, cast.admin):
        client = signed_in(user)
        assert client.get(f"/reports/appointment/file.docx?pk={letter.pk}").status_code == 403
        assert client.get("/reports/appointment/").status_code == 403
        assert "/reports/appointment/" not in client.get("/reports/").content.decode()
    assert signed_in(cast.city).get(f"/reports/appointment/file.docx?pk={letter.pk}").status_code == 200

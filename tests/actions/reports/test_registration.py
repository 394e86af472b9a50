"""The registration form on paper."""

from __future__ import annotations

import io
from datetime import date

import pypdf
import pytest

from actions.reports.registration import registration_forms, with_parts
from models_app.models import Laureate
from mofu.documents.pdf import pdf_available, to_pdf
from tests import makers


@pytest.mark.skipif(not pdf_available(), reason="Pango is not installed on this machine")
def test_the_day_of_an_honour_stands_on_one_line(cast):
    person = makers.make_laureate(org=cast.dongtai, native_place="江苏建湖县")
    makers.make_honour(laureate=person, granted_on=makers.PartialDate("2010-04-28"), batch_year=2010)
    people = list(with_parts(Laureate.objects.visible_to(cast.city)))
    content = to_pdf(registration_forms(people, date(2026, 11, 23), in_full=False))
    lines = pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text().splitlines()
    assert any("2010年4月28日" in line for line in lines)
    assert any("江苏建湖县" in line for line in lines)


def pages_of(report):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(to_pdf(report))).pages]


@pytest.mark.skipif(not pdf_available(), reason="Pango is not installed on this machine")
def test_long_deeds_go_on_overleaf_and_opinions_keep_their_boxes(cast):
    makers.make_laureate(
        org=cast.dongtai, deeds="长期坚守生产一线，刻苦钻研技术，先后主持完成多项技术革新。" * 65
    )
    people = list(with_parts(Laureate.objects.visible_to(cast.city)))
    pages = pages_of(registration_forms(people, date(2026, 11, 23), in_full=False))
    assert len(pages) == 2
    assert "刻苦钻研技术" in pages[0]
    assert "所在单位意见" in pages[1]
    assert "盖章" in pages[1]


def test_dates_are_chinese_and_who_is_not_approved_is_marked(cast):
    makers.make_laureate(
        org=cast.dongtai, review_state="submitted", birth_date=makers.PartialDate("1975-03-12"),
        joined_work=makers.PartialDate("1996-08"),
    )  # fmt: skip
    people = list(with_parts(Laureate.objects.visible_to(cast.city)))
    [section] = registration_forms(people, date(2026, 11, 23), in_full=False).sections
    assert section.blocks[0].text == "劳模工匠登记表（未审核）"
    texts = set(section.blocks[1].texts)
    assert {"1975年3月12日", "1996年8月"} <= texts

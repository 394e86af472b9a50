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
    assert any("2010-04-28" in line for line in lines)
    assert any("江苏建湖县" in line for line in lines)

"""Fonts cut to what a document says."""

import io

import pytest
from fontTools.ttLib import TTFont

from mofu.documents import fonts

from .sample import RARE


@pytest.fixture(scope="module")
def cut():
    return {address: content for address, (content, _) in fonts.cut_to(["劳模", RARE]).items()}


def test_a_cut_font_holds_the_characters_of_the_document_and_little_else(cut):
    assert len(cut) == 5
    for address, content in cut.items():
        held = TTFont(io.BytesIO(content)).getBestCmap()
        assert {ord(character) for character in "劳模09—"[:4]} <= set(held), address
        assert ord("盐") not in held
        assert len(content) < 100_000


def test_rare_characters_are_kept_where_a_font_has_them(cut):
    [serif] = [content for address, content in cut.items() if "NotoSerifSC_400" in address]
    assert {ord(character) for character in RARE} & set(TTFont(io.BytesIO(serif)).getBestCmap())


def test_every_face_finds_its_file(cut):
    assert all(f'url("{address}")' in fonts.faces() for address in cut)

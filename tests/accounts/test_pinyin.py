"""Pinyin read quickly is pinyin read word by word."""

from __future__ import annotations

import pytest

from mofu.accounts import pinyin

TEXTS = (
    "重庆路",
    "中国银行",
    "单雄信",
    "乐山市",
    "长春",
    "长伟",
    "A张",
    "张b",
    "ＡＢ",
    "",
    "张",
    "〇",
    "㐀龥",
    "李·四",
    "行",
    "东台市",
)


@pytest.mark.parametrize("text", TEXTS)
def test_words_keep_their_readings(text):
    assert pinyin._read(text) == pinyin._spelt(text)


def test_surnames_have_their_own_readings():
    assert (pinyin.sort_key("单伟"), pinyin.sort_key("重庆路"), pinyin.initials("查长春")) == (
        "shan wei", "chong qing lu", "zcc",
    )  # fmt: skip

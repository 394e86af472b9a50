"""Pinyin read quickly is pinyin read word by word."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mofu.accounts import pinyin, readings

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
    assert readings.read(text) == readings.spelt(text)


def test_surnames_have_their_own_readings():
    assert (pinyin.sort_key("单伟"), pinyin.sort_key("重庆路"), pinyin.initials("查长春")) == (
        "shan wei", "chong qing lu", "zcc",
    )  # fmt: skip


def test_the_dictionary_is_loaded_for_the_first_name_only():
    """It takes 50 MB: a worker that makes reports or shows pages does not carry it."""
    asks = "import sys; from mofu.accounts import pinyin; print('pypinyin' in sys.modules, pinyin.initials('张伟'), 'pypinyin' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "zw", "True"]

"""What people and programs send where a name, a number, a date or a key is meant."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.planted.scripts import SCRIPTS

ODD = (
    "", " ", "\u3000", "0", "-1", "-0", "1", "²", "٣", "１２", "１９９０－０１－０１", "9" * 18, "9" * 20, "9" * 400, "1e999", "-1e999", "NaN", "Infinity",
    "0x10", "1_000", "1,5", "1.5.5", "1/0", "2147483648", "9223372036854775808", "2024-13-45", "0000-00-00", "0001-01-01", "9999-12-31",
    "10000-01-01", "2024-02-30", "2024", "2024-6", "2024年6月22日", "一九九〇年", "24:61", "2024-06-22T25:00", "今天", "none", "null", "true", "on",
    "[]", "{}", "[[", "\\", "'", '"', "' OR 1=1 --", "%", "%00", "\x00", "a\x00b", "\x1b[31m", "\r\nSet-Cookie: a=b", "../../etc/passwd",
    "\u202e", "\u200b", "\ufeff", "\U0001f469\u200d\U0001f527", "𣲗", "䶮", "ﬃ", "İ", "x" * 300, "长" * 6000, "a=b&c=d", "?", "#", "/", "//127.0.0.1:9/", "pk", "id", "self",
)  # fmt: skip
texts = st.one_of(
    st.sampled_from(ODD),
    st.sampled_from(SCRIPTS),
    st.integers().map(str),
    st.dates().map(str),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
)

"""Texts that a spreadsheet would take for formulas, or mangle, if they were not kept as text."""

FORMULA_TEXTS = (
    "=1+1", "=SUM(A1:A9)", "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://x.cn\",\"点\")", "=WEBSERVICE(\"http://x\")",
    "=IMPORTXML(\"http://x\",\"/\")", "=DDE(\"cmd\";\"/C\")", "==", "=", "=A1", "='表'!A1", "={1,2}", "=-1", "=+1",
    "+1+1", "+8613800001234", "+cmd|' /C calc'!A0", "+", "-1+1", "-2+3+cmd|' /C calc'!A0", "-", "-—", "@SUM(1,2)",
    "@小李", "@", "\t=1+1", "\r=1+1", "\n=1+1", "\r\n=1+1", " =1+1", "　=1+1", "\t+1", "\n-1", "\n@A1", "＝1+1", "＋1", "－1",
    "＠SUM(1)", " ＝1", "\n＝1", "甲\n=1+1", "甲\t=1", "'=1+1", "\"=1+1\"", "%3D1", "1e5", "00123", "1/2", "2024-6",
    "TRUE", "#REF!", "_x003D_1+1", "{=1}", ";=1", "|=1", "<b>=1</b>", "&=1", "𣲗=1", "\u200b=1", "\ufeff=1",
)  # fmt: skip

"""Invented data: a believable association to try the system with, and a large load for measuring.

Nothing here is real. Every number begins with 320999 (an area code nobody has), every telephone number holds 0000
and every record that has a note carries :data:`MARK`.
"""

MARK = "演示数据"

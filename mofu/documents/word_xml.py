"""Small pieces of WordprocessingML as text, for tables that python-docx cannot build or builds too slowly."""

from collections.abc import Mapping
from xml.sax.saxutils import escape

from mofu.documents.spreadsheetml import ILLEGAL


def paragraphs(text: str, style: str, side: str = "left", indent: int = 0, *, held: bool = False) -> str:
    """Return the text as paragraphs in a style (by id), one for each line; ``indent`` in twentieths of a point.

    ``held`` keeps them on a page with what comes next.
    """
    kept = "<w:keepNext/>" if held else ""
    inset = f'<w:ind w:left="{indent}" w:right="{indent}"/>' if indent else ""
    shape = f'<w:pPr><w:pStyle w:val="{style}"/>{kept}{inset}<w:jc w:val="{side}"/></w:pPr>'
    lines = [escape(ILLEGAL.sub("\ufffd", line)) for line in text.split("\n")] or [""]
    return "".join(f'<w:p>{shape}<w:r><w:t xml:space="preserve">{line}</w:t></w:r></w:p>' for line in lines)


def cell(
    body: str,
    width: int,
    *,
    across: int = 1,
    merge: str = "",
    borders: Mapping[str, int] | None = None,
    stands: str = "center",
) -> str:
    """Return a cell ``width`` twentieths of a point wide; ``merge`` is ``restart`` or ``continue`` for one that reaches down.

    ``stands`` is ``top`` or ``center``. ``borders`` are side → eighths of a point; without them the table's own hold.
    """
    span = f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
    down = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:color="000000"/>' for side, size in (borders or {}).items()
    )
    edges = f"<w:tcBorders>{lines}</w:tcBorders>" if lines else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{down}{edges}<w:vAlign w:val="{stands}"/></w:tcPr>'
        f"{body}</w:tc>"
    )


def row(cells: str, *, height: int = 0, splits: bool = False) -> str:
    """Return a row of cells, at least ``height`` twentieths of a point high, that stays whole unless it ``splits``."""
    whole = "" if splits else "<w:cantSplit/>"
    least = f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else ""
    return f"<w:tr><w:trPr>{whole}{least}</w:trPr>{cells}</w:tr>"


def cell_margins(twips: int) -> str:
    """Return the room at the left and right of every cell of a table: Word's own leaves short columns no place."""
    sides = "".join(f'<w:{side} w:w="{twips}" w:type="dxa"/>' for side in ("left", "right"))
    return f"<w:tblCellMar>{sides}</w:tblCellMar>"

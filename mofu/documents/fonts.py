"""The fonts that travel with the application, cut for each document to the characters that stand in it.

A whole Chinese font is 10 to 15 megabytes; layout and embedding hold each of them several times over. Cut to a report's
few hundred characters all six are one megabyte, made in a twentieth of a second.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

TEXT = "noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf"
"""The font of running text."""

_FONTS = (  # family, weight, file in the npm packages; Mofu …: what stands in for a face that is not installed
    ("Noto Serif SC", 400, TEXT),
    ("Noto Serif SC", 700, "noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf"),
    ("Noto Sans SC", 400, "noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf"),
    ("Mofu Title", 400, "noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf"),
    ("Mofu Heavy", 400, "noto-sans-sc/500Medium/NotoSansSC_500Medium.ttf"),
    ("Mofu Kai", 400, "noto-serif-sc/600SemiBold/NotoSerifSC_600SemiBold.ttf"),
)
_ALWAYS = frozenset(string.printable)
"""Characters that layout itself asks for: page numbers, the measures of a line."""


def faces() -> str:
    """Return the @font-face rules of the fonts that are installed."""
    return "\n".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url("{_address(file)}") }}'
        for family, weight, file in _FONTS
        if _path(file).is_file()
    )


def cut_to(texts: Iterable[str]) -> dict[str, tuple[bytes, str]]:
    """Return address → (font, media type) of the installed fonts, cut to the characters of ``texts``."""
    characters = sorted({ord(character) for character in _ALWAYS.union(*texts)})
    return {_address(file): (_cut(_path(file), characters), "font/ttf") for file in _installed()}


def _installed() -> Iterator[str]:
    return (file for file in {font[2] for font in _FONTS} if _path(file).is_file())


def _cut(path: Path, characters: list[int]) -> bytes:
    """Return a font with the glyphs of ``characters`` alone; what it has no glyph for stays missing, as before."""
    import uharfbuzz  # noqa: PLC0415 - only PDFs need it

    wanted = uharfbuzz.SubsetInput()
    wanted.unicode_set.update(characters)
    whole = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))
    return bytes(wanted.subset(whole).blob.data)


def held_by(file: str) -> frozenset[int]:
    """Return the characters a font has glyphs for; none where it is not installed."""
    import uharfbuzz  # noqa: PLC0415 - as above

    path = _path(file)
    if not path.is_file():
        return frozenset()
    return frozenset(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path))).unicodes)


def _path(file: str) -> Path:
    return Path(settings.BASE_DIR) / "node_modules" / "@expo-google-fonts" / file


def _address(file: str) -> str:
    return f"mofu-font:{file}"

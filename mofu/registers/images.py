"""Uploaded pictures: judged by their header before anything is unpacked, kept as fresh ones that hide nothing."""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO

from django.core.exceptions import ValidationError
from PIL import Image, ImageFile

MOST_PIXELS = 40_000_000  # unpacked, 160 MB; a file of a few kilobytes can claim to be far larger
MOST_ACROSS = 30_000  # pixels of one side
FORMATS = ("JPEG", "PNG")
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip
_TOO_LARGE = "图片的像素超过 4000 万，请缩小后再上传。"
_BROKEN = "图片已损坏或不完整，请用看图软件打开后另存为 JPG 或 PNG 再上传。"
_OTHER = "不是 JPG 或 PNG 图片，请用看图软件打开后另存为 JPG 再上传。"
_HEIC = "这是苹果手机的 HEIC 照片。请在手机“设置－相机－格式”中选“兼容性最佳”，或另存为 JPG 再上传。"
ADVICE = {
    "heic": _HEIC,
    "heif": _HEIC,
    "webp": "这是 WebP 图片，请用看图软件打开后另存为 JPG 或 PNG 再上传。",
    "avif": "这是 AVIF 图片，请用看图软件打开后另存为 JPG 或 PNG 再上传。",
    "tif": "这是 TIFF 图片，请另存为 JPG 或 PNG；多页扫描件请存为 PDF 再上传。",
    "tiff": "这是 TIFF 图片，请另存为 JPG 或 PNG；多页扫描件请存为 PDF 再上传。",
    "gif": "这是 GIF 图片，请另存为 JPG 或 PNG 再上传。",
    "bmp": "这是 BMP 图片，请另存为 JPG 或 PNG 再上传。",
    "svg": "这是 SVG 矢量图，其中可以带有程序，不予接收。请另存为 PNG 再上传。",
}
"""What to do with pictures of other kinds, by file extension: they are well known, and none of them is taken."""


def media_type(head: bytes) -> str:
    """Return the media type that the first bytes show, "" when it is neither JPEG nor PNG."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/png" if head.startswith(b"\x89PNG\r\n\x1a\n") else ""


def advice(head: bytes) -> str:
    """Return what to do with a file that begins so and is neither JPEG nor PNG."""
    known = {b"GIF8": "gif", b"BM": "bmp", b"II*\0": "tif", b"MM\0*": "tif", b"<svg": "svg"}
    for start, kind in known.items():
        if head.startswith(start):
            return ADVICE[kind]
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return ADVICE["webp"]
    if head[4:8] == b"ftyp":
        return ADVICE["avif"] if head[8:12] in (b"avif", b"avis") else ADVICE["heic"]
    return _OTHER


def check(file: BinaryIO) -> None:
    """Raise ValidationError unless ``file`` is a whole JPEG or PNG of sensible size; leaves it at its beginning."""
    try:
        _opened(file, longest=64).load()
    except ValidationError:
        raise
    except Exception as error:  # what a broken picture makes a decoder raise has no end
        raise ValidationError(_BROKEN) from error
    finally:
        file.seek(0)


def fresh(file: BinaryIO, *, longest: int, kind: str = "JPEG") -> bytes:
    """Return the picture encoded anew: upright, first frame only, at most ``longest`` pixels a side, 8 bits a channel.

    Nothing but the pixels is taken over: no place where it was taken, no comment, no profile, nothing behind its end.
    Raises ValidationError for what :func:`check` refuses.
    """
    try:
        return _encoded(_plain(_opened(file, longest=longest), longest, kind), kind)
    except ValidationError:
        raise
    except Exception as error:  # as above
        raise ValidationError(_BROKEN) from error
    finally:
        file.seek(0)


def _opened(file: BinaryIO, *, longest: int) -> Image.Image:
    """Read the header; a JPEG will be unpacked no larger than ``longest`` needs."""
    file.seek(0)
    head = file.read(16)
    if not media_type(head):
        raise ValidationError(advice(head))
    file.seek(0)
    ImageFile.LOAD_TRUNCATED_IMAGES = (
        False  # whoever imports WeasyPrint has turned it on for the whole process
    )
    try:
        image = Image.open(file, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(_TOO_LARGE) from error
    if image.width * image.height > MOST_PIXELS or max(image.size) > MOST_ACROSS:
        raise ValidationError(_TOO_LARGE)
    if image.mode in ("L", "RGB", "YCbCr") and max(image.size) > longest:
        image.draft(image.mode, (longest, longest))
    return image


def _plain(image: Image.Image, longest: int, kind: str) -> Image.Image:
    """Return the pixels as they are seen, in colours that ``kind`` can hold, and nothing else."""
    image.load()
    turn = _TURNS.get(_orientation(image))
    if image.mode.startswith("I"):  # 16 bits of grey: Pillow would cut off, not scale
        image = image.convert("I").point(lambda value: value / 257).convert("L")
    if kind == "JPEG":
        image = _on_white(image)
    elif image.mode not in ("1", "L", "LA", "RGB", "RGBA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    bare.thumbnail((longest, longest))
    return bare if turn is None else bare.transpose(turn)


def _orientation(image: Image.Image) -> int:
    """Return how the camera was held, as EXIF says; 1, upright, where that cannot be read."""
    try:
        return int(image.getexif().get(0x0112, 1))
    except Exception:  # the picture is good without what a broken note beside it says
        return 1


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("L" if image.mode in ("1", "L") else "RGB")
    image = image.convert("RGBA")
    ground = Image.new("RGBA", image.size, "white")
    ground.alpha_composite(image)
    return ground.convert("RGB")


def _encoded(image: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    image.save(out, kind, **({"quality": 88} if kind == "JPEG" else {}))
    return out.getvalue()

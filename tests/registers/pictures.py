"""Pictures that do harm, lie or are merely odd, each built on the spot: file name, builder, what becomes of it.

What becomes of it is a pattern of the refusal, or ``None`` where it is taken and kept as a fresh picture.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO

from PIL import Image, ImageCms, PngImagePlugin
from PIL.TiffImagePlugin import IFDRational

SCRIPT = b"<script>alert(1)</script>"
PHP = b"<?php system($_GET['c']); ?>"


def saved(image, kind, **options):
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def plain(mode="RGB", size=(64, 48)):
    """A picture whose left half is dark and whose right half is bright."""
    image = Image.new("L", size, 220)
    image.paste(30, (0, 0, size[0] // 2, size[1]))
    return image.convert(mode)


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, *chunks, depth=8, colour=2, data=b""):
    """A PNG by hand: it may claim any size."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = chunk(b"IDAT", data or zlib.compress(bytes(64)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(chunks) + body + chunk(b"IEND", b"")


def jpeg_claiming(width, height):
    """An honest JPEG whose header says another size."""
    data = bytearray(saved(plain(), "JPEG"))
    at = data.find(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def real_bomb():
    """8000 × 7000 pixels of one colour in 160 kB: it unpacks to 168 MB."""
    return png(8000, 7000, data=zlib.compress(bytes((8000 * 3 + 1) * 7000), 9))


def with_place(orientation=1, kind="JPEG"):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F], exif[0x010E] = "Example Phone", "劳模张三家门口"
    gps = exif.get_ifd(0x8825)
    gps.update({1: "N", 2: (IFDRational(33), IFDRational(20), IFDRational(0)), 3: "E", 4: (IFDRational(120), IFDRational(9), IFDRational(0))})  # fmt: skip
    return saved(plain(), kind, exif=exif)


def with_xmp():
    packet = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>33,20N</exif:GPSLatitude></x:xmpmeta>'
    return saved(plain(), "JPEG", xmp=packet)


def with_texts(*, compressed):
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", SCRIPT.decode(), zip=compressed)
    info.add_itxt("GPS", "33.3N 120.1E")
    return saved(plain(), "PNG", pnginfo=info)


def with_broken_exif():
    data = saved(plain(), "JPEG")
    body = b"Exif\0\0II*\0" + b"\xff" * 40
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:]


def with_zip():
    out = BytesIO(saved(plain(), "JPEG"))
    out.seek(0, 2)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("evil.exe", b"MZ" + bytes(50))
    return out.getvalue()


def gif_with_script():
    """Valid as GIF and as JavaScript."""
    return b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)//;"


def animated_png():
    frames = [plain(), plain().rotate(180)]
    return saved(frames[0], "PNG", save_all=True, append_images=frames[1:])


def many_frames():
    """An animation that claims four thousand million frames."""
    control = chunk(b"acTL", struct.pack(">II", 2**32 - 1, 0))
    return png(1, 1, control, data=zlib.compress(bytes(4)))


def text_bomb(name=b"zTXt"):
    """A comment of 100 MB in 100 kB."""
    return png(
        1, 1, chunk(name, b"Comment\0\0" + zlib.compress(bytes(100_000_000), 9)), data=zlib.compress(bytes(4))
    )


def profile_bomb():
    return png(
        1, 1, chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(100_000_000), 9)), data=zlib.compress(bytes(4))
    )


def heic(brand=b"heic"):
    return struct.pack(">I", 24) + b"ftyp" + brand + bytes(4) + b"mif1" + brand + bytes(100)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>'
LARGE = "超过 4000 万"
UNLIKE = "内容与扩展名不符"
BROKEN = "已损坏或不完整"
BOMBS = {
    "png of 50 MP": ("a.png", lambda: png(10_000, 5_000), LARGE),
    "png of 56 MP that unpacks": ("a.png", real_bomb, LARGE),
    "png of 2.5 GP": ("a.png", lambda: png(50_000, 50_000), LARGE),
    "png of 4 EP": ("a.png", lambda: png(2**31 - 1, 2**31 - 1), f"{LARGE}|{BROKEN}"),
    "png one pixel high": ("a.png", lambda: png(2**24, 1), LARGE),
    "grey png of 1 bit, 400 MP": ("a.png", lambda: png(20_000, 20_000, depth=1, colour=0), LARGE),
    "jpeg of 4.2 GP": ("a.jpg", lambda: jpeg_claiming(65_500, 65_500), LARGE),
    "jpeg of 51 MP": ("a.jpg", lambda: jpeg_claiming(8_200, 6_200), LARGE),
}
PICTURES = BOMBS | {
    # other kinds
    "svg": ("a.svg", lambda: SVG, "SVG 矢量图"),
    "svg called png": ("a.png", lambda: SVG, UNLIKE),
    "svg with declaration called jpg": ("a.jpg", lambda: b'<?xml version="1.0"?>' + SVG, UNLIKE),
    "page called jpg": ("a.jpg", lambda: b"<!doctype html>" + SCRIPT, UNLIKE),
    "gif": ("a.gif", lambda: saved(plain(), "GIF"), "GIF"),
    "gif and script called jpg": ("a.jpg", gif_with_script, UNLIKE),
    "heic": ("a.heic", heic, "HEIC.*兼容性最佳"),
    "heic called jpg": ("a.jpg", heic, UNLIKE),
    "webp": ("a.webp", lambda: saved(plain(), "WEBP"), "WebP"),
    "avif": ("a.avif", lambda: heic(b"avif"), "AVIF"),
    "tiff": ("a.tif", lambda: saved(plain(), "TIFF"), "TIFF.*PDF"),
    "bmp": ("a.bmp", lambda: saved(plain(), "BMP"), "BMP"),
    "icon called png": ("a.png", lambda: saved(plain(size=(32, 32)), "ICO"), UNLIKE),
    "postscript called jpg": ("a.jpg", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n", UNLIKE),
    "program called png": ("a.png", lambda: b"MZ" + bytes(200), UNLIKE),
    "jpeg called png": ("a.png", lambda: saved(plain(), "JPEG"), UNLIKE),
    "png called jpg": ("a.jpg", lambda: saved(plain(), "PNG"), UNLIKE),
    "picture called php": ("a.php", lambda: saved(plain(), "JPEG"), "不是可接受的文件类型"),
    "picture called jpg.html": ("a.jpg.html", lambda: saved(plain(), "JPEG"), "不是可接受的文件类型"),
    # broken
    "first bytes alone": ("a.jpg", lambda: b"\xff\xd8\xff\xe0", BROKEN),
    "truncated jpeg": ("a.jpg", lambda: saved(plain(size=(640, 480)), "JPEG")[:900], BROKEN),
    "truncated png": ("a.png", lambda: saved(plain(size=(640, 480)), "PNG")[:-80], BROKEN),
    "png without data": ("a.png", lambda: png(400, 400, data=b"x"), BROKEN),
    "png with a wrong sum": ("a.png", lambda: saved(plain(), "PNG").replace(b"IHDR\0\0\0@", b"IHDR\0\0\0A"), BROKEN),
    "png of no size": ("a.png", lambda: png(0, 0), BROKEN),
    "comment that unpacks to 100 MB": ("a.png", text_bomb, BROKEN),
    "profile that unpacks to 100 MB": ("a.png", profile_bomb, BROKEN),
    # taken, and kept as a fresh picture
    "jpeg with a place": ("a.jpg", with_place, None),
    "jpeg turned, with a place": ("a.jpg", lambda: with_place(6), None),
    "png with a place": ("a.png", lambda: with_place(kind="PNG"), None),
    "jpeg with xmp": ("a.jpg", with_xmp, None),
    "jpeg with a script as comment": ("a.jpg", lambda: saved(plain(), "JPEG", comment=SCRIPT), None),
    "jpeg with broken exif": ("a.jpg", with_broken_exif, None),
    "png with texts": ("a.png", lambda: with_texts(compressed=False), None),
    "png with packed texts": ("a.png", lambda: with_texts(compressed=True), None),
    "jpeg and archive": ("a.jpg", with_zip, None),
    "jpeg and php": ("a.jpg", lambda: saved(plain(), "JPEG") + PHP, None),
    "png and page": ("a.png", lambda: saved(plain(), "PNG") + SCRIPT, None),
    "cmyk": ("a.jpg", lambda: saved(plain("CMYK"), "JPEG"), None),
    "grey": ("a.jpeg", lambda: saved(plain("L"), "JPEG"), None),
    "16 bits of grey": ("a.png", lambda: saved(plain("L").convert("I").point(lambda value: value * 257).convert("I;16"), "PNG"), None),
    "1 bit": ("a.png", lambda: saved(plain("1"), "PNG"), None),
    "palette with transparency": ("a.png", lambda: saved(plain("P"), "PNG", transparency=0), None),
    "transparent": ("a.png", lambda: saved(plain("RGBA"), "PNG"), None),
    "progressive": ("a.jpg", lambda: saved(plain(), "JPEG", progressive=True), None),
    "with a colour profile": ("a.png", lambda: saved(plain(), "PNG", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()), None),
    "animated": ("a.png", animated_png, None),
    "animated for ever": ("a.png", many_frames, None),
}  # fmt: skip

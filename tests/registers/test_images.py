"""Pictures as evidence and as photos: bombs are refused by their header, what is kept is fresh and hides nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageFile

from models_app.models import Laureate
from mofu.registers import attachments, images
from mofu.registers.models import Attachment
from tests.makers import make_event, make_laureate
from tests.registers.pictures import BOMBS, PICTURES, plain, saved

# Pillow says aloud what it makes of broken notes inside a picture.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")
HIDDEN = (b"script", b"<?php", b"GPS", b"Exif", b"PK\x03\x04", b"ICC", b"iCCP", b"tEXt", b"zTXt", b"iTXt", b"xmp", b"acTL", "家门口".encode())  # fmt: skip


def sent(client, address, file_name, content, field="files", **data):
    return client.post(address, data | {field: SimpleUploadedFile(file_name, content)}, follow=True)


def told(response):
    """What the page says above all else, and at the fields of its form."""
    errors = response.context["form"].errors.values() if "form" in response.context else []
    return "\n".join([*map(str, response.context["messages"]), *(text for found in errors for text in found)])


def test_there_are_thirty_pictures_and_more():
    assert len(PICTURES) >= 50
    assert len(BOMBS) >= 8


@pytest.mark.parametrize("case", PICTURES)
def test_evidence_is_refused_with_a_reason_or_kept_afresh(case, cast, signed_in):
    name, build, refusal = PICTURES[case]
    event = make_event(org=cast.dongtai)
    client, content = signed_in(cast.county), build()
    text = told(sent(client, f"/events/{event.pk}/files/", name, content))
    if refusal:
        assert re.search(refusal, text), text
        assert not Attachment.objects.exists()
        return
    kept = Attachment.objects.get()
    served = client.get(f"/files/{kept.pk}/")
    stored = b"".join(served.streaming_content)
    assert [word for word in HIDDEN if word in stored] == []
    assert served["Content-Type"] == kept.media_type == images.media_type(stored)
    assert served["X-Content-Type-Options"] == "nosniff"
    assert served["Content-Security-Policy"] == "sandbox; default-src 'none'"
    with Image.open(BytesIO(stored)) as image:
        image.load()
        assert not image.getexif()
        assert getattr(image, "n_frames", 1) == 1


@pytest.mark.parametrize("case", ["truncated jpeg", "truncated png", "comment that unpacks to 100 MB"])
def test_a_process_that_made_a_pdf_is_no_more_lenient(case, monkeypatch):
    """WeasyPrint has Pillow take what is cut off, everywhere."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(ValidationError):
        images.check(BytesIO(PICTURES[case][1]()))


@pytest.mark.parametrize("case", BOMBS)
def test_bombs_are_refused_before_anything_is_unpacked(case, monkeypatch):
    unpacked = []
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda image: unpacked.append(image.size))
    for act in (images.check, lambda file: images.fresh(file, longest=1200)):
        with pytest.raises(ValidationError):
            act(BytesIO(BOMBS[case][1]()))
    assert unpacked == []


@pytest.mark.parametrize(
    "case", [case for case in PICTURES if not PICTURES[case][0].endswith((".php", ".html"))]
)
def test_photos_are_refused_with_a_reason_or_kept_afresh(case, cast, signed_in):
    """The photo box judges by content alone; it has no other decoder than those for JPEG and PNG."""
    _, build, refusal = PICTURES[case]
    content, person = build(), make_laureate(org=cast.dongtai, name="赵一")
    data = {"name": "赵一", "category": "model", "org": cast.dongtai.pk, "status": "ZZ"}
    client = signed_in(cast.county)
    response = sent(client, f"/laureates/{person.pk}/edit/", "a.jpg", content, field="photo", **data)
    person = Laureate.everything.get()
    if not images.media_type(content) or (refusal and "不符" not in refusal and "类型" not in refusal):
        assert response.status_code == 422
        assert re.search("|".join((images._OTHER, refusal, *images.ADVICE.values())), told(response))
        assert not person.photo
        return
    assert response.status_code == 200, told(response)
    served = client.get(f"/laureates/{person.pk}/photo/")
    stored = b"".join(served.streaming_content)
    assert stored.startswith(b"\xff\xd8\xff")
    assert [word for word in HIDDEN if word in stored] == []
    assert served["Content-Type"] == "image/jpeg"
    assert "no-store" in served["Cache-Control"]


@pytest.mark.parametrize("case", ["16 bits of grey", "cmyk", "grey", "1 bit", "progressive", "animated"])
def test_what_is_seen_stays_the_same(case):
    name, build, _ = PICTURES[case]
    kind = "PNG" if name.endswith("png") else "JPEG"
    with Image.open(BytesIO(images.fresh(BytesIO(build()), longest=1200, kind=kind))) as image:
        grey = image.convert("L")
        assert image.size == (64, 48)
        assert grey.getpixel((5, 24)) < 60
        assert grey.getpixel((60, 24)) > 190


def test_a_turned_photo_stands_upright_and_a_transparent_one_on_white():
    turned = images.fresh(BytesIO(PICTURES["jpeg turned, with a place"][1]()), longest=1200)
    with Image.open(BytesIO(turned)) as image:
        assert image.size == (48, 64)
        assert image.convert("L").getpixel((24, 5)) < 60 < 190 < image.convert("L").getpixel((24, 60))
    clear = saved(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "PNG")
    with Image.open(BytesIO(images.fresh(BytesIO(clear), longest=1200))) as image:
        assert image.getpixel((4, 4)) == (255, 255, 255)


def test_large_scans_stay_legible_and_small_ones_as_they_are():
    wide = saved(plain(size=(6000, 3000)), "JPEG")
    with Image.open(BytesIO(images.fresh(BytesIO(wide), longest=attachments.LONGEST_SIDE))) as image:
        assert image.size == (4000, 2000)


def test_the_same_picture_twice_is_noticed_though_it_is_kept_afresh(cast, signed_in):
    event, client = make_event(org=cast.dongtai), signed_in(cast.county)
    content = PICTURES["jpeg with a place"][1]()
    sent(client, f"/events/{event.pk}/files/", "a.jpg", content)
    assert "已经上传过" in sent(client, f"/events/{event.pk}/files/", "b.jpg", content).content.decode()
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("name", ["DAILY", "ALTOGETHER"])
@pytest.mark.parametrize("least", [{"files": 2, "size": 2**30}, {"files": 10, "size": 2000}])
def test_one_user_cannot_fill_the_storage(name, least, cast, signed_in, monkeypatch):
    event, client = make_event(org=cast.dongtai), signed_in(cast.county)
    monkeypatch.setattr(attachments, name, attachments.Quota(refusal="已达到上限。", **least))
    pdfs = [b"%PDF-1.7\n" + bytes([n]) * 800 for n in range(4)]
    texts = [
        sent(client, f"/events/{event.pk}/files/", f"{n}.pdf", pdf).content.decode()
        for n, pdf in enumerate(pdfs)
    ]
    assert ["已达到上限" in text for text in texts] == [False, False, True, True]
    assert Attachment.objects.count() == 2
    assert (
        "已上传"
        in sent(signed_in(cast.city), f"/events/{event.pk}/files/", "c.pdf", pdfs[3]).content.decode()
    )
    Attachment.objects.update(uploaded_at=timezone.now() - timedelta(days=2))
    again = told(sent(client, f"/events/{event.pk}/files/", "d.pdf", pdfs[2]))
    assert ("已上传" in again) == (name == "DAILY")

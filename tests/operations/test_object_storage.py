"""Uploaded files in an object store: kept there, handed out by the app in scope alone, backed up and restored."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from itertools import count

import pytest
from django.conf import settings as installed
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from mofu import env
from mofu.operations import stored_files
from mofu.registers import attachments
from mofu.registers.models import Attachment
from tests.makers import make_event, make_laureate
from tests.operations.object_store import KEYS, Bucket, running_server

PDF = b"%PDF-1.7 evidence " + bytes(range(256)) * 20_000  # 5 MB: does not stay in memory
_number = count(1)


@pytest.fixture(scope="module")
def server():
    with running_server() as address:
        yield address


@pytest.fixture
def bucket(server, settings):
    """An empty bucket in which the app keeps its files, below the prefix ``files``."""
    made = Bucket(server, f"mofu-test-{next(_number)}")
    settings.STORAGES = settings.STORAGES | {"default": env.media(made.address(), *KEYS)}
    return made


def uploaded(client, event, content=PDF):
    response = client.post(f"/events/{event.pk}/files/", {"files": SimpleUploadedFile("签到表.pdf", content)})
    assert response.status_code == 302
    return Attachment.objects.get()


def body(response):
    return b"".join(response.streaming_content)


def test_evidence_goes_into_the_bucket_and_comes_back_through_the_app_alone(cast, signed_in, bucket):
    event = make_event(org=cast.dongtai)
    file = uploaded(signed_in(cast.county), event)
    (key,) = bucket.names()
    assert key == f"files/{file.file.name}"
    assert bucket.content(key) == PDF
    answer = signed_in(cast.county).get(f"/files/{file.pk}/")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Length"] == str(len(PDF))
    assert body(answer) == PDF
    assert signed_in(cast.other).get(f"/files/{file.pk}/").status_code == 404
    page = signed_in(cast.county).get(f"/events/{event.pk}/").content.decode()
    assert bucket.endpoint not in page
    assert bucket.name not in page


def test_no_address_opens_the_bucket(bucket):
    name = default_storage.save("attachments/a.pdf", ContentFile(PDF))
    assert default_storage.url(name) == "attachments/a.pdf"


def test_deleted_evidence_leaves_the_bucket(cast, signed_in, bucket, django_capture_on_commit_callbacks):
    file = uploaded(signed_in(cast.county), make_event(org=cast.dongtai, review_state="draft"))
    assert signed_in(cast.other).post(f"/files/{file.pk}/delete/").status_code == 404
    assert len(bucket.names()) == 1
    with django_capture_on_commit_callbacks(execute=True):
        signed_in(cast.county).post(f"/files/{file.pk}/delete/")
    assert bucket.names() == set()
    assert not Attachment.objects.exists()


def test_evidence_sent_twice_at_once_is_kept_once(cast, bucket, monkeypatch):
    event, original, waiting = make_event(org=cast.dongtai), Attachment.save, [True]

    def save(self):
        if waiting:
            waiting.clear()
            attachments.keep(SimpleUploadedFile("签到表.pdf", PDF), event, cast.city)
        original(self)

    monkeypatch.setattr(Attachment, "save", save)
    with pytest.raises(ValidationError, match="已经上传过"):
        attachments.keep(SimpleUploadedFile("签到表.pdf", PDF), event, cast.county)
    assert Attachment.objects.get().uploaded_by == cast.city
    assert bucket.names() == {f"files/{Attachment.objects.get().file.name}"}


def test_evidence_that_is_gone_from_the_bucket_is_not_found(cast, signed_in, bucket):
    file = uploaded(signed_in(cast.county), make_event(org=cast.dongtai))
    default_storage.delete(file.file.name)
    assert signed_in(cast.county).get(f"/files/{file.pk}/").status_code == 404


def test_photo_is_shown_in_scope_only(cast, signed_in, bucket):
    picture = BytesIO()
    Image.new("RGB", (40, 60), "navy").save(picture, "PNG")
    laureate = make_laureate(org=cast.dongtai)
    laureate.photo.save("me.png", ContentFile(picture.getvalue()))
    assert {key.split("/")[:2][-1] for key in bucket.names()} == {"photos"}
    shown = signed_in(cast.county).get(f"/laureates/{laureate.pk}/photo/")
    with Image.open(BytesIO(body(shown))) as image:
        assert (image.format, image.size) == ("JPEG", (40, 60))
    assert signed_in(cast.other).get(f"/laureates/{laureate.pk}/photo/").status_code == 404


def test_an_archive_of_the_bucket_restores_into_the_bucket(bucket, tmp_path):
    default_storage.save("attachments/a.pdf", ContentFile(PDF))
    default_storage.save("photos/2024/b.jpg", ContentFile(b"jpeg"))
    bucket.put("elsewhere/c.pdf", b"not of this installation")
    stored_files.pack(tmp_path / "media.tar")
    default_storage.delete("attachments/a.pdf")
    bucket.put("files/photos/2024/b.jpg", b"damaged")
    bucket.put("files/attachments/later.pdf", b"after the backup")
    for _ in range(2):  # a restore may be run again
        stored_files.unpack(tmp_path / "media.tar")
        assert default_storage.open("attachments/a.pdf").read() == PDF
        assert bucket.content("files/photos/2024/b.jpg") == b"jpeg"
        assert not default_storage.exists("attachments/later.pdf")
        assert bucket.content("elsewhere/c.pdf") == b"not of this installation"


def test_what_the_backup_does_not_have_is_set_aside(bucket, tmp_path):
    stored_files.pack(tmp_path / "media.tar")
    bucket.put("files/attachments/later.pdf", b"after the backup")
    stored_files.unpack(tmp_path / "media.tar")
    assert bucket.names() == {"files/before-restore/attachments/later.pdf"}
    stored_files.pack(tmp_path / "again.tar")
    bucket.put("files/attachments/later.pdf", b"after that")
    assert stored_files.unpack(tmp_path / "again.tar") == "before-restore-2"
    assert bucket.content("files/before-restore/attachments/later.pdf") == b"after the backup"
    assert bucket.content("files/before-restore-2/attachments/later.pdf") == b"after that"


def test_an_installation_moves_from_disk_into_a_bucket(server, tmp_path):
    bucket = Bucket(server, "mofu-moving")
    (tmp_path / "media" / "attachments").mkdir(parents=True)
    (tmp_path / "media" / "attachments" / "a.pdf").write_bytes(PDF)
    on_disk = {
        "PATH": "/usr/bin:/bin",
        "MOFU_ENV": "dev",
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "MEDIA_ROOT": f"{tmp_path}/media",
    }
    in_bucket = on_disk | {
        "MEDIA_STORAGE": bucket.address(),
        "MEDIA_ACCESS_KEY": KEYS[0],
        "MEDIA_SECRET_KEY": KEYS[1],
    }
    manage(on_disk, "migrate", "-v0")
    manage(on_disk, "backup", f"{tmp_path}/one")
    manage(in_bucket, "restore", *map(str, (tmp_path / "one").iterdir()))
    assert bucket.content("files/attachments/a.pdf") == PDF
    manage(in_bucket, "backup", f"{tmp_path}/two")
    (tmp_path / "media" / "attachments" / "a.pdf").unlink()
    manage(on_disk, "restore", *map(str, (tmp_path / "two").iterdir()))
    assert (tmp_path / "media" / "attachments" / "a.pdf").read_bytes() == PDF


def test_boto3_is_not_loaded_when_files_are_on_disk(tmp_path):
    code = (
        "import django, sys; django.setup();"
        "from django.core.files.storage import default_storage as s; import mofu.wsgi; s.exists('a');"
        "print([name for name in ('boto3', 'botocore', 'storages') if name in sys.modules])"
    )
    env = {
        "PATH": "/usr/bin:/bin",
        "MOFU_ENV": "dev",
        "DJANGO_SETTINGS_MODULE": "mofu.settings",
        "MEDIA_ROOT": str(tmp_path),
    }
    assert run(env, "-c", code).strip() == "[]"


def manage(env, *arguments):
    return run(env, "manage.py", *arguments)


def run(env, *arguments):
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=installed.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout

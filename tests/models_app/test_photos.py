"""Photos: stored anew, gone when replaced or with their row, kept as long as a merge can bring their row back."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from PIL import Image

from models_app.models import Laureate
from mofu.registers import attachments, unmerging
from mofu.registers.merging import merge
from mofu.registers.models import Attachment, Merge
from tests.makers import make_laureate
from tests.registers.sent_forms import sent


def portrait(colour="red"):
    out = BytesIO()
    Image.new("RGB", (30, 40), colour).save(out, "JPEG")
    return SimpleUploadedFile("me.jpg", out.getvalue())


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def person(cast):
    return make_laureate(org=cast.dongtai, name="仇英", photo=portrait())


def test_a_replaced_photo_goes_once_the_new_one_is_certain(person, cast, signed_in, committed):
    first = person.photo.name
    client = signed_in(cast.city)
    form = sent(client.get(f"/laureates/{person.pk}/edit/"))
    with committed():
        assert (
            client.post(f"/laureates/{person.pk}/edit/", form | {"photo": portrait("blue")}).status_code
            == 302
        )
        assert default_storage.exists(first)
    second = Laureate.everything.get(pk=person.pk).photo.name
    assert second != first
    assert not default_storage.exists(first)
    assert default_storage.exists(second)


def test_a_photo_stays_where_the_change_does_not_hold(person, committed):
    first = person.photo.name
    with committed(), transaction.atomic():
        person.photo = portrait("blue")
        person.save()
        transaction.set_rollback(True)
    assert default_storage.exists(first)
    assert Laureate.everything.get(pk=person.pk).photo.name == first


def test_a_photo_stays_with_any_other_change(person, committed):
    with committed():
        Laureate.everything.get(pk=person.pk).save()
        person.position = "班长"
        person.save()
    assert default_storage.exists(person.photo.name)


def test_a_photo_goes_with_its_row(person, cast, signed_in, committed):
    name, client = person.photo.name, signed_in(cast.city)
    seen = client.get(f"/laureates/{person.pk}/delete/").context["seen"]
    with committed():
        assert client.post(f"/laureates/{person.pk}/delete/", {"seen": seen}).status_code == 302
    assert not Laureate.everything.filter(pk=person.pk).exists()
    assert not default_storage.exists(name)


@pytest.fixture
def merged(person, cast, committed):
    """A merge of two with photos, the winner taking the loser's or not."""

    def make(*taken):
        loser = make_laureate(org=cast.dongtai, name="仇英二", photo=portrait("blue"))
        scan = SimpleUploadedFile("证明.pdf", b"%PDF-1.4 x")
        for one in (person, loser):
            attachments.keep(scan, one, cast.city)
        files = [person.photo.name, loser.photo.name, *Attachment.objects.values_list("file", flat=True)]
        with committed():
            done = merge(winner=person, loser=loser, taken=taken, reason="重复", user=cast.city)
        assert [default_storage.exists(name) for name in files] == [True] * 4
        return done, files

    return make


def purge(committed):
    Merge.objects.update(at=timezone.now() - timedelta(days=400))
    with committed():
        call_command("purge", "--yes", verbosity=0, stdout=StringIO())


@pytest.mark.parametrize("taken", [(), ("photo",)])
def test_what_a_merge_left_over_goes_when_it_cannot_be_taken_back_any_more(merged, person, committed, taken):
    _, files = merged(*taken)
    purge(committed)
    left = {Laureate.everything.get(pk=person.pk).photo.name, Attachment.objects.get().file.name}
    assert {name for name in files if default_storage.exists(name)} == left


def test_a_merge_taken_back_has_every_file(merged, cast, committed):
    done, files = merged("photo")
    unmerging.undo(done, cast.city)
    purge(committed)
    assert {one.photo.name for one in Laureate.everything.all()} == set(files[:2])
    assert all(default_storage.exists(name) for name in files)


def test_what_a_later_merge_needs_is_kept(merged, person, cast, committed):
    done, files = merged()
    third = make_laureate(org=cast.dongtai, name="仇英三")
    later = merge(
        winner=third, loser=Laureate.everything.get(pk=person.pk), taken=[], reason="重复", user=cast.city
    )
    Merge.objects.filter(pk=done.pk).update(at=timezone.now() - timedelta(days=400))
    with committed():
        call_command("purge", "--yes", verbosity=0, stdout=StringIO())
    assert default_storage.exists(files[0])
    assert not default_storage.exists(files[1])
    unmerging.undo(later, cast.city)
    assert Laureate.everything.get(pk=person.pk).photo.name == files[0]


def test_erasing_takes_every_photo_the_person_ever_had(merged, person, cast, signed_in, committed):
    _, files = merged("photo")
    client = signed_in(cast.city)
    page = client.get(f"/laureates/{person.pk}/erase/")
    form = {"reason": "本人书面申请", "name": "仇英", "seen": page.context["seen"]}
    with committed():
        assert client.post(f"/laureates/{person.pk}/erase/", form).status_code == 302
    assert not any(default_storage.exists(name) for name in files[:2])

"""Two tabs on pages that are no register's form: settings, views, accounts, the administration (report drafts: test_issuing)."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse

from actions.models import PaperSettings
from mofu.accounts.admin_base import LookedUp, TrailedAdmin
from mofu.accounts.models import Industry, User
from mofu.registers.models import SavedView
from tests.entrance.visitors import confirmed
from tests.specimens import SPECIMENS, specimen

SETTINGS = {"issuer": "盐城市劳模协会", "red_head": "", "code": "盐劳协", "contact": "甲填的"}


def test_stale_settings_are_told_and_saved_again(cast, signed_in):
    one, other = signed_in(cast.city), signed_in(cast.city)
    seen = one.get("/reports/settings/").context["seen"]
    assert one.post("/reports/settings/", SETTINGS | {"seen": seen}).status_code == 302
    stale = SETTINGS | {"contact": "乙填的", "seen": seen}
    answer = other.post("/reports/settings/", stale)
    assert answer.status_code == 409
    assert PaperSettings.current().contact == "甲填的"
    text = answer.content.decode()
    assert "甲填的" in text
    assert "乙填的" in text
    assert other.post("/reports/settings/", stale | {"seen": answer.context["seen"]}).status_code == 302
    assert PaperSettings.current().contact == "乙填的"


def test_a_stale_view_is_told_and_saved_again(cast, signed_in):
    client = signed_in(cast.city)
    client.post("/laureates/views/", {"name": "我的", "query": ""})
    view = SavedView.objects.get()
    address = f"/laureates/views/{view.pk}/"
    seen = client.get(address).context["seen"]
    data = {
        "action": "save",
        "name": "甲",
        "page_size": 50,
        "column": ["name"],
        "show-name": "on",
        "seen": seen,
    }
    assert client.post(address, data).status_code == 302
    answer = client.post(address, data | {"name": "乙"})
    assert answer.status_code == 409
    assert SavedView.objects.get().name == "甲"
    assert client.post(address, data | {"name": "乙", "seen": answer.context["seen"]}).status_code == 302
    assert SavedView.objects.get().name == "乙"


def test_a_stale_form_of_the_administration_is_told(cast, signed_in):
    client = signed_in(cast.admin)
    record = Industry.objects.create(name="钢铁")
    page = f"/admin/accounts/industry/{record.pk}/change/"
    data = {"sort": 1, "active": "on", "seen": client.get(page).context["seen"]}
    assert client.post(page, data | {"name": "甲改的"}).status_code == 302
    answer = client.post(page, data | {"name": "乙改的"})
    assert answer.status_code == 409
    assert Industry.objects.get(pk=record.pk).name == "甲改的"
    text = answer.content.decode()
    assert "原来 钢铁，现在 甲改的" in text
    assert "您填的：乙改的" in text
    assert answer.context["adminform"].form["name"].value() == "乙改的"
    assert client.post(page, data | {"name": "乙改的", "seen": answer.context["seen"]}).status_code == 302
    assert Industry.objects.get(pk=record.pk).name == "乙改的"


def test_a_stale_account_is_told_and_saved_again(cast):
    client = confirmed(cast.admin)
    page = f"/accounts/{cast.county.pk}/edit/"
    seen = client.get(page).context["seen"]
    data = {
        "username": "county",
        "role": "county",
        "organization": cast.dongtai.pk,
        "handles_care": "on",
        "seen": seen,
    }
    assert client.post(page, data | {"name": "甲改的"}).status_code == 302
    answer = client.post(page, data | {"name": "乙改的"})
    assert answer.status_code == 409
    assert User.objects.get(pk=cast.county.pk).name == "甲改的"
    (line,) = answer.context["conflict"].fields
    assert (line.was, line.now, line.mine) == ("东台李四", "甲改的", "乙改的")
    assert client.post(page, data | {"name": "乙改的", "seen": answer.context["seen"]}).status_code == 302


def test_every_form_of_the_administration_carries_a_version(cast, signed_in):
    for slug in SPECIMENS:
        specimen(slug, cast.dongtai)
    client, seen = signed_in(cast.admin), 0
    for model, found in admin.site._registry.items():
        record = model._base_manager.first()
        if record is None or not isinstance(found, TrailedAdmin) or isinstance(found, LookedUp):
            continue
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[record.pk])
        page = client.get(address)
        assert f'name="seen" value="{page.context["seen"]}"' in page.content.decode(), model
        assert client.post(address, {"seen": "x"}).status_code == 409, model
        seen += 1
    assert seen > 20

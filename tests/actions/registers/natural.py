"""Driving an import through the pages: upload, look, import, upload again, take back."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from actions.models import TenOneItem
from tests.registers.test_import_steps import dump

NAMES = (
    "参加一次学历提升", "参加一次技能竞赛", "参加一场技术培训", "参加一次五小活动", "听一次劳模宣讲",
    "拜一个名师", "学一门技术", "开展一个技术攻关", "写一篇生产日记", "制一个岗位提升计划",
)  # fmt: skip


def make_items():
    for number, name in enumerate(NAMES, start=1):
        TenOneItem.objects.get_or_create(number=number, defaults={"name": name, "sort": number})


class Upload:
    """One workbook on its way through the pages of one user."""

    def __init__(self, client, slug, content, name="表.xlsx"):
        self.client, self.slug = client, slug
        answer = client.post(f"/{slug}/import/", {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 302, answer.context["refusal"]
        self.address = answer.url
        self.look()
        self.first_notes = "|".join(self.summary["notes"])
        self.left_out = [reason for _, reason, _ in self.summary["left_out"]]

    def look(self, tab=""):
        self.page = self.client.get(self.address, {"tab": tab} if tab else {})
        return self

    @property
    def counts(self):
        kinds = ("rows", "new", "changed", "same", "questions", "errors")
        return {
            kind: self.page.context["counts"][kind] for kind in kinds if self.page.context["counts"][kind]
        }

    @property
    def summary(self):
        return self.page.context["summary"]

    @property
    def notes(self):
        return "|".join(self.summary["notes"])

    def rows(self, tab):
        return self.look(tab).page.context["rows"]

    def problems(self):
        return [
            (one["row"], one["column"], one["message"])
            for row in self.rows("error")
            for one in row["problems"]
        ]

    def act(self, action, **data):
        self.client.post(self.address, {"action": action, **data})
        return self.look()


def there_and_back(client, slug, content, check, expected, **options):
    """Import a workbook, ``check`` what is there, upload it again (no change), take it back (all as before)."""
    before = dump()
    upload = Upload(client, slug, content, **options)
    assert upload.counts == expected, (upload.counts, upload.problems(), upload.notes)
    assert dump() == before
    assert upload.summary["unknown"] == []
    upload.act("draft")
    check()
    again = Upload(client, slug, content, **options)
    rows = expected["rows"]
    assert again.counts == {"rows": rows, "same": rows}, (
        again.counts,
        again.rows("changed"),
        again.problems(),
    )
    again.act("cancel")
    upload.act("undo")
    assert dump() == before
    return upload

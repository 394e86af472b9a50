"""The register of laureates' consents."""

from django.contrib.contenttypes.models import ContentType
from django.db import models

from models_app.models import Consent
from mofu.accounts.models import User
from mofu.accounts.policy import DataClass, Use, may_use
from mofu.registers import attachments
from mofu.registers.columns import Column
from mofu.registers.models import Attachment
from mofu.registers.register import Register, Section, register

_SCAN = Column("has_scan", label="扫描件", value=lambda consent: "有" if consent.has_scan else "缺", width=8)


@register
class ConsentRegister(Register):
    """个人信息授权台账."""

    slug = "consents"
    model = Consent
    group = "劳模工匠"
    order = 55
    icon = "shield-check"
    takes_files = True
    key_fields = (("laureate", "purpose", "agreed_on"),)
    intro = "按用途逐项登记授权，签名原件扫描后作为附件上传。撤回时填写撤回日期，记录保留备查；撤回宣传授权的，不再进入对外公布的名录。"
    columns = (
        "laureate", "laureate__org", "purpose", "notice_version", "agreed_on", "form", _SCAN, "withdrawn_on", "note",
    )  # fmt: skip
    default_columns = (
        "laureate",
        "laureate__org",
        "purpose",
        "notice_version",
        "agreed_on",
        "has_scan",
        "withdrawn_on",
    )
    ordering = ("-agreed_on", "-id")
    sections = (
        Section("授权", ("laureate", "purpose", "notice_version", "agreed_on", "form")),
        Section("撤回", ("withdrawn_on", "note")),
    )
    batch_fields = ("notice_version", "agreed_on")
    filter_fields = ("purpose", "form", "notice_version")

    def with_extras(self, rows: models.QuerySet) -> models.QuerySet:
        """Say of each whether its signed paper is on file."""
        kind = ContentType.objects.get_for_model(Consent)
        scans = Attachment.objects.filter(content_type=kind, object_id=models.OuterRef("pk"))
        return rows.annotate(has_scan=models.Exists(scans))

    def refusal(self, obj: Consent, user: User) -> str:
        """What proves that data may be kept stays as long as they are, and as long as its paper is on file."""
        if not obj.needed() and attachments.of(obj):
            return "这项授权已有签名扫描件，须留存备查，不能删除；本人撤回的请填写撤回日期。"
        return super().refusal(obj, user)

    def fold_refusal(self, kept: Consent, row: Consent) -> str:
        """No withdrawal is lost, and no later word, when two people become one."""
        return kept.lost_with(row) or super().fold_refusal(kept, row)

    def may_see(self, user: User) -> bool:
        """Whether ``user`` keeps personal data: signed papers are shown to nobody else."""
        return super().may_see(user) and may_use(user, Use.SEE, DataClass.CONSENT)

    def may_enter(self, user: User) -> bool:
        """Whether ``user`` may register and withdraw consents."""
        return super().may_enter(user) and may_use(user, Use.CHANGE, DataClass.CONSENT)

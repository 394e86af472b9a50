"""What can happen: the kinds of entries on the trail."""

from __future__ import annotations

from django.db import models


class Action(models.TextChoices):
    """What kind of thing happened."""

    CREATED = "created", "新增"
    CHANGED = "changed", "修改"
    DELETED = "deleted", "删除"
    SUBMITTED = "submitted", "送审"
    APPROVED = "approved", "审核通过"
    RETURNED = "returned", "退回"
    EXPORTED = "exported", "导出"
    REVEALED = "revealed", "查看敏感信息"
    DOWNLOADED = "downloaded", "下载附件"
    SIGNED_IN = "signed_in", "登录"
    SIGN_IN_FAILED = "sign_in_failed", "登录失败"
    SIGNED_OUT = "signed_out", "退出"
    REFUSED = "refused", "拒绝访问"
    MOVED = "moved", "划转"
    MERGED = "merged", "合并"
    SPLIT = "split", "撤销合并"
    ERASED = "erased", "删除个人信息"
    BACKED_UP = "backed_up", "备份"
    RESTORED = "restored", "恢复备份"
    ACCOUNT = "account", "账号管理"
    ALARM = "alarm", "安全告警"
    ASKED = "asked", "其他操作"  # a request that was to change something and left no other entry
    TRIMMED = "trimmed", "清理留痕"


CHANGES = (
    Action.CREATED,
    Action.CHANGED,
    Action.DELETED,
    Action.SUBMITTED,
    Action.APPROVED,
    Action.RETURNED,
    Action.MOVED,
    Action.MERGED,
    Action.SPLIT,
    Action.ERASED,
)  # fmt: skip - what alters a record; looking at one does not

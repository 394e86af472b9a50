"""``rotate_keys [--check]``: see ``mofu/operations/rotation.py`` and ``docs/personal-data.md``."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mofu import encryption
from mofu.accounts import trail
from mofu.accounts.context import Acting, acting
from mofu.operations import blind_indexes, rotation


class Command(BaseCommand):
    """Bring all stored personal data under the first key of FIELD_KEYS and the cipher of FIELD_CIPHER."""

    help = (
        "用 FIELD_KEYS 的第一把密钥和 FIELD_CIPHER 重新加密全部个人信息；--check 只检查，仍有旧值时退出码为 1"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="只检查哪些密钥仍有数据在用，不改动")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        try:
            if not check:
                self._rotate()
            left = self._tell()
        except rotation.RotationError as error:
            raise CommandError(str(error)) from error
        if left:
            raise CommandError(f"还有 {left} 个值没有换到当前密钥，旧密钥不能停用。请运行 rotate_keys。")

    def _rotate(self) -> None:
        indexes = blind_indexes.renew(self._say)
        values = rotation.rotate(self._say)
        if indexes or values:
            words = f"更换密钥：{values} 个值、{indexes} 个索引改用 {encryption.head()}"
            with acting(Acting(source="rotate_keys")):
                trail.record(trail.Action.CHANGED, reason=words)
        self.stdout.write(f"已重新加密 {values} 个值，重做 {indexes} 个索引。")

    def _say(self, what: str, done: int, total: int) -> None:
        self.stdout.write(f"{what}：{done} / {total}")

    def _tell(self) -> int:
        """Tell what is under which key; return how many values are not under the present one."""
        found, stale = rotation.in_use(), blind_indexes.stale()
        for head, count in sorted(found.items()):
            self.stdout.write(f"{head}：{count} 个值{'（当前）' if head == encryption.head() else ''}")
        self.stdout.write(f"不是当前密钥做的索引：{stale} 个")
        self._tell_of_keys(rotation.droppable(found) if not stale else [])
        return stale + sum(found.values()) - found[encryption.head()]

    def _tell_of_keys(self, unused: list[str]) -> None:
        seals = rotation.sealing()
        for key_id in unused:
            words = f"密钥 {key_id} 已没有数据在用"
            if seals[key_id]:
                words += (
                    f"，但操作留痕有 {seals[key_id]} 处校验值用它制作：这些留痕清理前请保留，否则无法核对"
                )
            else:
                words += "，可以从 FIELD_KEYS 中移除（用它加密的留痕归档和备份从此无法打开，请另行离线保存；先看 docs/personal-data.md）"
            self.stdout.write(f"{words}。")

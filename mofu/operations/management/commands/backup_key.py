"""``backup_key FILE``: a fresh pair of keys for backups."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mofu.operations import age


class Command(BaseCommand):
    """Write a private key to FILE, which must be new, and print the public one."""

    help = "生成一对备份密钥：私钥写入文件，公钥显示在屏幕上"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        recipient, identity = age.new_key()
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise CommandError(f"不能写入 {file}：{error.strerror}。已有的私钥不会被覆盖。") from error
        with os.fdopen(handle, "w") as key:
            key.write(f"{identity}\n")
        self.stdout.write(f"BACKUP_RECIPIENTS={recipient}")
        self.stderr.write(f"私钥已写入 {file}。请离线保管两份，不要留在服务器上；没有它，备份无法打开。")

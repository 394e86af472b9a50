#!/usr/bin/env python
"""The command line. A shell without a SECRET_KEY is a developer's: it gets MOFU_ENV=dev."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run one management command; a deployment sets MOFU_ENV and SECRET_KEY, so it never falls into dev."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mofu.settings")
    if "SECRET_KEY" not in os.environ:
        os.environ.setdefault("MOFU_ENV", "dev")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

"""Two imports at once on SQLite: these tests alone have a database file, which every thread opens for itself."""

import pytest

from tests.registers.test_import_together import (  # noqa: F401 - collected here once more
    test_overlapping_files_at_once_give_every_person_once,
)

pytestmark = pytest.mark.browser

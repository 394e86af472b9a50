"""mofu.settings as the suite sees them: MOFU_ENV=test and files on disk whatever the shell says, everything else as given."""

import os

os.environ["MOFU_ENV"] = "test"
os.environ.pop("MEDIA_STORAGE", None)  # tests write and delete files: never in somebody's bucket

from mofu.settings import *  # noqa: F403 - the same settings, two variables fixed

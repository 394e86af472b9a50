"""mofu.settings as the suite sees them: MOFU_ENV=test whatever the shell says, everything else as given."""

import os

os.environ["MOFU_ENV"] = "test"

from mofu.settings import *  # noqa: F403 - the same settings, one variable fixed

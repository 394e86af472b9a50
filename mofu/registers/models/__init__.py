"""What the registers keep for themselves: choices of columns, evidence files, imports, long work, merged records."""

from mofu.registers.models.attachment import Attachment
from mofu.registers.models.distinct_pair import DistinctPair
from mofu.registers.models.import_batch import ImportBatch, ImportState
from mofu.registers.models.job import Job, JobState
from mofu.registers.models.merge import Merge
from mofu.registers.models.preference import ListPreference

__all__ = [
    "Attachment",
    "DistinctPair",
    "ImportBatch",
    "ImportState",
    "Job",
    "JobState",
    "ListPreference",
    "Merge",
]

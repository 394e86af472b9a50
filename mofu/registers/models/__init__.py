"""What the registers keep for themselves: columns, views, evidence files, imports, long work, merged records."""

from mofu.registers.models.attachment import Attachment
from mofu.registers.models.distinct_pair import DistinctPair
from mofu.registers.models.import_batch import FileRole, ImportBatch, ImportFile, ImportState
from mofu.registers.models.job import Job, JobResult, JobState
from mofu.registers.models.merge import Merge
from mofu.registers.models.preference import ListPreference
from mofu.registers.models.saved_view import SavedView

__all__ = [
    "Attachment", "DistinctPair", "FileRole", "ImportBatch", "ImportFile", "ImportState", "Job", "JobResult", "JobState",
    "ListPreference", "Merge", "SavedView",
]  # fmt: skip

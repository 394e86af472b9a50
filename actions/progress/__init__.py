"""Every number of the programme: indicators, targets, status, breakdowns. Nobody types a completed number."""

from actions.progress import (  # noqa: F401 - each module declares its indicators on import
    assist,
    craftsmen,
    double_strive,
    double_ten,
    headcounts,
    mentoring,
    people,
    six_ins,  # isort: skip
)

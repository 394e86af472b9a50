"""``/reports/``: choosing, reading, editing, freezing and downloading reports."""

"""On paper: workbooks, PDF and Word files. Pure writers that know no laureate and no model."""

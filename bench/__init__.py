"""Measurements of the running system beside its peers; each module is a command (docs/performance.md)."""

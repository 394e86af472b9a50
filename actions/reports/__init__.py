"""Reports of the programme: one object each, rendered by ``mofu.documents``."""

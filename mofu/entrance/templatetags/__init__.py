"""Template filters of the entrance."""

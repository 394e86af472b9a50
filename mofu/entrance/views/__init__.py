"""Pages around the door, and the accounts."""

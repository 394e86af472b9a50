"""Template tags of the actions floor."""

"""The triggers that keep the counts of the ten ones, and the command's comparison with the records."""

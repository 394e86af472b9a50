"""Pages of the programme: home by role, the five actions, tasks, reports."""

"""Who comes in: sign-in with its brakes, second factor, sessions, and the accounts that administrators keep."""

"""What may come of a request."""

OK, SIGN_IN, FORBIDDEN, HIDDEN, NO_METHOD = "ok", "sign-in", "403", "404", "405"

"""Views of the registers; each class serves every register, given to it by the address list."""

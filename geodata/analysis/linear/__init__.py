"""Questions along a line: linear referencing by its kilometre."""

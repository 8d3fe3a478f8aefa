"""The page of a ruler along a line, and the lines of a user."""

"""Features corrected."""

"""Results that are cited, and run again."""

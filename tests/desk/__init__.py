"""The desk of events."""

"""What the workspace records of sources and actors, and how a record is changed."""

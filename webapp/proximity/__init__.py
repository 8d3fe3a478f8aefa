"""The page of proximity, and the rows it measures."""

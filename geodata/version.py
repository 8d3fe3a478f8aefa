"""Which edition of the code this is."""

__version__ = "0.1.0"

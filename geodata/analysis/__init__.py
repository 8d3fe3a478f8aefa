"""Questions about layers: each a class, listed in `geodata/registry.py`."""

"""One file a format: `load` gives the parts of a file, `save` writes them; registry.py is the door to all."""

"""How texts are folded, so that they can be compared and searched."""

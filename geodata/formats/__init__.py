"""One file a format: `read` gives features, `write` takes them."""

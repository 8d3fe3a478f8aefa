"""Build the shipped layers from named packages and hand-entered tables; for maintainers, never imported."""

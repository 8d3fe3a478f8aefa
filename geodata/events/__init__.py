"""Events of a layer, many at once: filtered, counted, seen through time and in view; DuckDB asks, our core measures."""

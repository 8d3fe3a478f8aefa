"""A stranger's file made a layer: read apart, its columns understood, its rows placed and dated, nothing lost."""

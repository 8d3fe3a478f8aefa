"""Tests of how claims are tested, on layers small enough to work the answer out."""

"""Mutation testing: the rules of the product changed one at a time, each change to be noticed by a test."""

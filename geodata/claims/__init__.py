"""What a source reported, beside what is measured."""

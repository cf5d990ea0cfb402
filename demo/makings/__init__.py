"""What the demo rows are made of. See generate.py for the format."""

"""Budayang: administrators write YAML, a working Chinese back-office is built from it."""

__version__ = "0.1.0"

"""Pages and REST of a generated site: the only part of the program that knows Flask and Flask-AppBuilder."""

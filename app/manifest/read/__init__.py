"""One module a section: its shape (keys with their Chinese descriptions) and what it builds of them."""

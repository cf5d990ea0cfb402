"""Services over one site's records. Every one takes a `Context`; none knows Flask."""

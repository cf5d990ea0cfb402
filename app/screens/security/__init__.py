"""Who may come in, and what a request must look like to be let through."""

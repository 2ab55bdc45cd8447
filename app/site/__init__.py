"""What is made of a statement: the page, data, citations, and the ways to serve them."""

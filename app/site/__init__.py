"""The page, the data and the citations of a statement, and how they are served."""

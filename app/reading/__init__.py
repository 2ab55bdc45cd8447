"""What may be written in a statement's file, and how a mistake in it is told."""

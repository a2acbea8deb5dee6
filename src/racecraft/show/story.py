"""One race, for eyes and for other programs."""

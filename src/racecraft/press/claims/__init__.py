"""One file for each type of claim: where it is said, and what the data say of it."""

"""Where a claim is said: one file for each family of claims, whatever the language."""

"""The article checker of the first version, until the second one beats it."""

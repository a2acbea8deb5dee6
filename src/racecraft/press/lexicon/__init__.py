"""The words of every language: what they stand for, and the numbers, days and names among them."""

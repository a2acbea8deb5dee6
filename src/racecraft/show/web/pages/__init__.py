"""Which pages can one look at?"""

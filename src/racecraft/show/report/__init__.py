"""What is in the report of a race or of a season, and how does it look on a page?"""

"""What do the regulations of a season decide?"""

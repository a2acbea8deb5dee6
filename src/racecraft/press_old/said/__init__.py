"""Where in a sentence is a claim made?"""

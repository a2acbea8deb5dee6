"""How is the story of a race written?"""

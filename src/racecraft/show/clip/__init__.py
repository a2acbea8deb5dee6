"""How do the last laps of a battle look, as they were driven?"""

"""Who fought whom, and what decided it?"""

"""Who has how many points?"""

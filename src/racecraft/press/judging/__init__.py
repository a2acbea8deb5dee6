"""Is what was claimed true?"""

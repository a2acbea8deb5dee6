"""Is a claim of this type true?"""

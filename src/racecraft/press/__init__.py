"""What was written, and is it true?"""

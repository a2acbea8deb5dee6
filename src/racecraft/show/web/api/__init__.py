"""Which tables can a program ask for, and how?"""

"""What does an article look like to a reader?"""

"""What does OpenF1 say?"""

"""What does the F1 live timing archive say?"""

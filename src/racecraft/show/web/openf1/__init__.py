"""What would a client of OpenF1 be told?"""

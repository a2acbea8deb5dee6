"""What kinds of claims are there?"""

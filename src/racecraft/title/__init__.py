"""What did it mean?"""

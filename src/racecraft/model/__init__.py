"""What do we call it?"""

"""What must happen at the next event?"""

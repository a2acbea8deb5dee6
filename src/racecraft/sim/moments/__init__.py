"""What decided a race?"""

"""What can still happen, exactly?"""

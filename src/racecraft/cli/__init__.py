"""What do you type?"""

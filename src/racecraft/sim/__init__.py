"""What could have happened?"""

"""What is happening, while it happens?"""

"""What is on a picture, whichever pen draws it?"""

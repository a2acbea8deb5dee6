"""Where on the lap was time won?"""

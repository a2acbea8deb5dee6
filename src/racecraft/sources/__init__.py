"""What did the timing system record?"""

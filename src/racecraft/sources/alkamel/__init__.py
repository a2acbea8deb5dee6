"""What did Al Kamel time, for IMSA, the WEC and others?"""

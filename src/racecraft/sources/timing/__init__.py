"""What did somebody time, in a table of his own?"""

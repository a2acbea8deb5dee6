"""What do dumps of the Ergast tables say?"""

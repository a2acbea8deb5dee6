"""What would a client of Ergast be told?"""

"""What do FastF1 and its tables of laps say?"""

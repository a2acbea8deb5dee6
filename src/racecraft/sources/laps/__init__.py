"""What did FastF1 time, as its laps table was saved?"""

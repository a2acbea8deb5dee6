"""What does f1db, the open database of every World Championship race, say?"""

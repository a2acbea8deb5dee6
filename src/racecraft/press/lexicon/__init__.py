"""What do words mean in each language, and which are numbers, days and names?"""

"""Is a driver faster or slower than he was?"""

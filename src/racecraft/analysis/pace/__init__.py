"""How fast was every car, and why?"""

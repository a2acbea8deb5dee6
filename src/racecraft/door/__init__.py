"""How is a function of the front door called?"""

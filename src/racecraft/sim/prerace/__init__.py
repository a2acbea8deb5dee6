"""How will a race end, seen before it starts?"""

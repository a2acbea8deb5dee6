"""How does a race go on from here, lap by lap?"""

"""How is it drawn by Matplotlib?"""

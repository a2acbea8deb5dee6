"""How is a server asked, and how often?"""

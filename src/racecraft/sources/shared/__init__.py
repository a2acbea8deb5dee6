"""What do several sources have in common?"""

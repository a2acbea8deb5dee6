"""Who was where, and why did that change?"""

"""Which races does the package itself carry?"""

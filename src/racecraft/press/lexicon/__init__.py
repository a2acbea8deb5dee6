"""Which words does a language have for racing?"""

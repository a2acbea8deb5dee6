"""What does a browser, or a program that asks over HTTP, get?"""

"""Whom or what does somebody mean?"""

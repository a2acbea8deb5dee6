"""In which words, of which language, is it told?"""

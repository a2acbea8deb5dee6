"""In which words is it told? One file for each language."""

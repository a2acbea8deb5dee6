"""How is it drawn as SVG, by our own pen?"""

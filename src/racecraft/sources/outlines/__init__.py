"""Where does a circuit lie, for races of which no positions are stored?"""

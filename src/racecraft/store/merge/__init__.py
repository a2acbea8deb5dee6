"""What do several accounts of one race or season say together?"""

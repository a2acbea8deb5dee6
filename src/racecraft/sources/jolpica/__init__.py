"""What does the jolpica API say?"""

"""What does a sentence say, to somebody who knows who exists but not who won?"""

"""What did each source say, on disk?"""

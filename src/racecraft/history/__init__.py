"""What has happened in all seasons, and to whom?"""

"""What is known of every World Championship race since 1950, without asking anybody?"""

"""What do the repositories of TracingInsights say?"""

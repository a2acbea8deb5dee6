"""What an article says, read without a look at any result: people, clauses, scopes, claims.

Nothing here may know who won. It knows who exists: people, teams, the calendar, the entries.
"""

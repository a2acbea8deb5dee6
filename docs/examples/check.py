"""What an article claims, and whether it is true."""

import racecraft as rc

article = """
Max Verstappen won the 2023 São Paulo Grand Prix, his 17th win of the season.
Fernando Alonso was third, 0.053 seconds ahead of Sergio Pérez, who had started seventh.
"""
store = rc.Store()
seasons = [store.load_season(year) for year in store.seasons()]
for finding in rc.fact_check(article, seasons):
    print(f"{finding.verdict:12}", finding.claim)
    print(f"{'':12}", finding.reason)

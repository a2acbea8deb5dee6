"""Keep a race in a store of one's own, and query it."""

import tempfile

import racecraft as rc
from racecraft.sources.sample.toy import toy_race

with tempfile.TemporaryDirectory() as folder:
    store = rc.Store(folder)
    store.add_race(toy_race())
    print(rc.load_race(2023, "Toy", store=store))
    print(
        store.sql(
            "select car, count(*) as crossings, max(time) as finished from crossings "
            "where event = 'toy-grand-prix' group by car order by finished"
        )
    )

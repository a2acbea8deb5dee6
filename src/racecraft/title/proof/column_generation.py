"""Sharing out what is left among rivals: a price for every place proves what cannot be done."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from racecraft.title.proof.milp import Model, silent, solver
from racecraft.title.proof.pricing import PriceList
from racecraft.title.proof.remaining import is_ahead, played
from racecraft.title.proof.scheduling import HALF, Share, arranged
from racecraft.title.proof.stock import DEEP, LAP, Layout, limited
from racecraft.title.proof.targets import needs_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from racecraft.title.proof.remaining import Contest, Ending, Open
    from racecraft.title.proof.stock import Item
    from racecraft.title.proof.targets import Alike

ROUNDS = 200  # of new prices; nothing is lost by stopping, only time
THRIFT = 1e-3  # what all points together weigh against one rival more, when ways are chosen
CLEARLY = 1e-6  # rivals: what a bound must be below a whole number of them
LEAST_GAIN = 1e-9
VARIATIONS = 60  # of prices
OFF = 0.2  # by which share of itself a price may vary
MOST_WAYS = 2_200  # to choose among
LIKELY = 0.5  # share of a rival from which on a way may be chosen for its size
GONE = 1e6  # price of what is no more to be had, in rivals


First = Literal["likeliest", "largest", "either"]
FIRST: tuple[First, ...] = get_args(First)
Choice = Counter[int]  # ways by number, and how many go theirs


def shared_out(
    contest: Contest, chasers: Sequence[int], number: int
) -> tuple[bool | None, list[Ending]]:
    """Whether so many chasers can be ahead together, and endings in which they are.

    Every place has a price. If all places together cost less than so many rivals would have to
    pay, each for the cheapest places that put him ahead, they cannot all be: that holds for any
    prices. Good ones are found by going to and fro: the best division, fractions allowed, of the
    ways known so far has prices, and at these some rivals find cheaper ways. Then whole rivals are
    sent their ways one by one. If that fails, the solver chooses among all ways that matter.

    Returns
    -------
    tuple
        None where neither was found; no endings, but with a yes.

    References
    ----------
    P. C. Gilmore, R. E. Gomory: A linear programming approach to the cutting-stock problem.
    Operations Research 9 (1961), 849-859.
    """
    layout = Layout.of(contest)
    if layout.dropping and contest.books.cars > 1 and not contest.books.best_car_only:
        return None, []  # two cars in one result that may be dropped: no season had that
    needs, exact = needs_of(layout, chasers, "won")
    possible, endings = _shared_out(layout, chasers, needs, number)
    if exact or possible is False:
        return possible, endings
    if possible:
        return True, endings
    needs, _ = needs_of(layout, chasers, "lost")
    possible, endings = _shared_out(layout, chasers, needs, number)
    return (True, endings) if possible else (None, [])


def _shared_out(
    layout: Layout, chasers: Sequence[int], needs: Sequence[Alike], number: int
) -> tuple[bool | None, list[Ending]]:
    """Whether so many chasers can meet these needs, and endings in which they are ahead."""
    contest = layout.contest
    market = _Market(layout, needs)
    if not market.may_do(number):
        return False, []
    choice = market.chosen(number)
    if choice is None:
        return None, []
    if not choice:
        return False, []
    endings = market.endings(choice)
    after = is_ahead(played(contest.books, contest.open, endings), contest.target)
    return (True, endings) if sum(after[i] for i in chasers) >= number else (None, [])


class _Market:
    """Ways of getting ahead, chosen by a linear programme, and the prices that this gives."""

    def __init__(self, layout: Layout, needs: Sequence[Alike]) -> None:
        self.layout = layout
        self.needs = needs
        self.ways: list[tuple[int, Counter[Item]]] = []  # of which rivals, what it takes
        self._known: set[tuple[int, frozenset[tuple[Item, int]]]] = set()
        self._rows: dict[Item, int] = {}
        self._stock: dict[Item, float] = {}
        self._rivals = [len(alike.who) for alike in needs]
        finite = [int(x) for alike in needs for x in alike.strict.flat if np.isfinite(x)]
        self._most = min(max(finite, default=0), layout.total)
        self._tightest: tuple[float, Mapping[Item, float], Sequence[float]] = (np.inf, {}, ())
        self._thrift = THRIFT / max(layout.total, 1)
        highspy = solver()
        self._lp = silent(highspy)
        self._lp.changeObjectiveSense(highspy.ObjSense.kMaximize)
        for rivals in self._rivals:
            self._lp.addRow(-np.inf, rivals, 0, [], [])
        for g, group in enumerate(layout.groups):
            for place in (*group[0].places, *([LAP] if group[0].lap_points else [])):
                self._row((g, place))

    def may_do(self, number: int) -> bool:
        """Find good prices; whether they leave it open that so many get ahead."""
        prices, gains = self._solved() if self.ways else self._by_points(number)
        for _ in range(ROUNDS):
            found = self._cheapest(prices)
            least = [price for price, _ in found]
            bound = self._bound(prices, least)
            if bound < number - CLEARLY:
                return False
            if bound < self._tightest[0]:
                self._tightest = (bound, prices, least)
            better = [
                self._add(k, way)
                for k, (price, way) in enumerate(found)
                if self._rivals[k] and self._fits(way) and 1 - price - gains[k] > LEAST_GAIN
            ]
            if not any(better):
                break
            prices, gains = self._solved()
        return True

    def chosen(self, number: int) -> Choice | None:
        """Choose ways for so many rivals; empty where there is no choice, None if it is not known.

        Those who go one by one are quick and mostly get there; a choice among more ways does where
        everything must fit.
        """
        first, *others = FIRST
        if choice := self.one_by_one(number, first):
            return choice
        self.vary()
        if choice := self.together(number, hopeful=True):
            return choice
        for other in others:
            if choice := self.one_by_one(number, other):
                return choice
        return self.together(number) if self.all_that_matter(number) else None

    def one_by_one(self, number: int, first: First) -> Choice:
        """Send rivals their ways one by one, with new prices each time; empty if it fails.

        First goes the likeliest; or of the likely the one that takes most points; or either.
        """
        choice: Choice = Counter()
        rivals, stock, tightest = list(self._rivals), dict(self._stock), self._tightest
        while choice.total() < number:
            chosen = self._next(first)
            if not chosen:
                break
            for w, times in chosen.items():
                choice[w] += self._send(w, min(times, number - choice.total()))
            if choice.total() < number and not self.may_do(number - choice.total()):
                break
        for k, count in enumerate(rivals):
            self._limit(k, count)
        for item, n in stock.items():
            self._keep(item, n)
        self._open_ways()
        self._lp.run()
        self._tightest = tightest
        return choice if choice.total() >= number else Counter()

    def _next(self, first: First) -> Choice:
        """Return ways that go to whole rivals, or where it comes to points, one way for one."""
        shares = np.array(self._lp.getSolution().col_value)
        whole = np.flatnonzero(shares > 1 - CLEARLY)
        if len(whole) and first == "likeliest":
            return Counter({int(w): int(shares[w] + CLEARLY) for w in whole})
        if not len(shares) or shares.max() < CLEARLY:
            return Counter()
        points = np.array([self._points(way) for _, way in self.ways])
        weights = {
            "likeliest": shares,
            "largest": np.where(shares >= min(LIKELY, shares.max()), points + 1, 0),
            "either": shares * (points + 1),
        }
        return Counter({int(np.argmax(weights[first])): 1})

    def vary(self) -> None:
        """Find more ways that are about as cheap, at prices that are off by a little."""
        _, prices, _ = self._tightest
        chance = np.random.default_rng(VARIATIONS)
        for _ in range(VARIATIONS):
            off = 1 + OFF * chance.random(len(prices))
            varied = {item: p * x for (item, p), x in zip(prices.items(), off, strict=True)}
            for k, (price, way) in enumerate(self._cheapest(varied)):
                if price < np.inf and self._fits(way):
                    self._add(k, way)

    def all_that_matter(self, number: int) -> bool:
        """Find every way without which so many cannot be ahead; False where there are too many.

        With prices at which no more than b rivals can be ahead, whoever pays more than the least
        price by over b less the number leaves too little for the others.
        """
        bound, prices, least = self._tightest
        lists = self._at(prices)
        for k, (alike, price) in enumerate(zip(self.needs, least, strict=True)):
            spare = bound - number + CLEARLY
            ways = lists.all_under(alike, min(price, 1.0) + spare, MOST_WAYS - len(self.ways))
            if ways is None:
                return False
            for way in filter(self._fits, ways):
                self._add(k, way)
        return True

    def together(self, number: int, *, hopeful: bool = False) -> Choice:
        """Choose among all ways that were found, in whole rivals; empty where there is none."""
        model = Model()
        times = [model.variable(self._rivals[k]) for k, _ in self.ways]
        for k, rivals in enumerate(self._rivals):
            own = [(v, 1.0) for v, (of, _) in zip(times, self.ways, strict=True) if of == k]
            model.row(own, most=rivals)
        for item in self._rows:
            own = [
                (v, float(way[item]))
                for v, (_, way) in zip(times, self.ways, strict=True)
                if way[item]
            ]
            model.row(own, most=self._stock[item])
        model.row([(v, 1.0) for v in times], least=number)
        values = model.solution(hopeful=hopeful) if times else None
        if not values:
            return Counter()
        return Counter({w: round(values[v]) for w, v in enumerate(times) if values[v] > HALF})

    def endings(self, choice: Choice) -> list[Ending]:
        """Put the places of the ways that were chosen in order, as far as that can be done."""
        books, layout = self.layout.contest.books, self.layout
        waiting = [list(alike.who) for alike in self.needs]
        shares = [Share() for _ in layout.groups]
        deep = books.counts.shape[1] + sum(len(one.places) for one in layout.contest.open)
        for w, times in choice.items():
            k, way = self.ways[w]
            for _ in range(times):
                who = waiting[k].pop()
                deep += 1
                named = {DEEP: deep, -DEEP: -deep}
                for (g, place), n in way.items():
                    shares[g].add(who, named.get(place, place), n)
        return [
            ending
            for group, share in zip(layout.groups, shares, strict=True)
            for ending in self._in_order(group, share)
        ]

    def _in_order(self, group: Sequence[Open], share: Share) -> list[Ending]:
        """Put places in order: where one car counts, for one car if that can be."""
        books = self.layout.contest.books
        found = arranged(group, share, cars=1) if books.best_car_only else None
        return found or arranged(group, share, cars=books.cars) or []

    def _by_points(self, number: int) -> tuple[dict[Item, float], list[float]]:
        """Return first prices, as if a rival were worth what they need on average."""
        needs = sorted(float(alike.strict.min()) for alike in self.needs for _ in alike.who)
        usual = max(min(float(np.mean(needs[:number])), self._most), 1.0)
        prices = {item: self.layout.value(item) / usual for item in self._rows}
        return prices, [-np.inf] * len(self.needs)

    def _cheapest(self, prices: Mapping[Item, float]) -> list[tuple[float, Counter[Item]]]:
        lists = self._at(prices)
        return [lists.cheapest(alike) for alike in self.needs]

    def _at(self, prices: Mapping[Item, float]) -> PriceList:
        known = defaultdict(float, prices)
        known.update({item: GONE for item, n in self._stock.items() if n < 1})
        return PriceList(self.layout, known, self._most)

    def _bound(self, prices: Mapping[Item, float], least: Sequence[float]) -> float:
        """Rivals who can be ahead at most, whatever the prices are."""
        paid = sum(price * self._stock[item] for item, price in prices.items())
        return paid + sum(
            n * max(0.0, 1 - price) for n, price in zip(self._rivals, least, strict=True)
        )

    def _points(self, way: Mapping[Item, int]) -> int:
        return sum(n * self.layout.value(item) for item, n in way.items())

    def _fits(self, way: Mapping[Item, int]) -> bool:
        return all(n <= self._stock[item] for item, n in way.items() if item in self._stock)

    def _add(self, k: int, way: Counter[Item]) -> bool:
        key = (k, frozenset(way.items()))
        if key in self._known:
            return False
        self._known.add(key)
        self.ways.append((k, way))
        own = [(self._row(item), n) for item, n in way.items() if limited(item)]
        rows = np.array([k, *(row for row, _ in own)], dtype=np.int32)
        factors = np.array([1.0, *(float(n) for _, n in own)])
        self._lp.addCol(1 - self._thrift * self._points(way), 0.0, np.inf, len(rows), rows, factors)
        return True

    def _row(self, item: Item) -> int:
        if item not in self._rows:
            self._stock[item] = self.layout.stock(item)
            self._lp.addRow(-np.inf, self._stock[item], 0, [], [])
            self._rows[item] = len(self._rivals) + len(self._rows)
        return self._rows[item]

    def _solved(self) -> tuple[dict[Item, float], list[float]]:
        """Return prices of the best division in fractions, and what a rival of each sort gains."""
        self._lp.run()
        dual = list(self._lp.getSolution().row_dual)
        prices = {
            item: max(0.0, dual[row]) + self._thrift * self.layout.value(item)
            for item, row in self._rows.items()
        }
        return prices, [max(0.0, gain) for gain in dual[: len(self._rivals)]]

    def _send(self, w: int, times: int) -> int:
        """Take what some rivals need for a way out of stock; how many could."""
        k, way = self.ways[w]
        can = [self._stock[item] // n for item, n in way.items() if item in self._stock]
        times = int(min(times, self._rivals[k], *can))
        self._limit(k, self._rivals[k] - times)
        for item, n in way.items():
            if item in self._stock:
                self._keep(item, self._stock[item] - times * n)
        self._open_ways()
        return times

    def _limit(self, k: int, rivals: int) -> None:
        self._rivals[k] = rivals
        self._lp.changeRowBounds(k, -np.inf, rivals)

    def _keep(self, item: Item, stock: float) -> None:
        self._stock[item] = stock
        self._lp.changeRowBounds(self._row(item), -np.inf, stock)

    def _open_ways(self) -> None:
        """Let those ways be taken for which there is enough in stock."""
        for w, (_, way) in enumerate(self.ways):
            self._lp.changeColBounds(w, 0.0, np.inf if self._fits(way) else 0.0)

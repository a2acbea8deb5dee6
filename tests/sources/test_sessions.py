"""Sessions in a row: one recording, or one view of a feed, that reaches into the next."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from own_streams import own_session
from racecraft.errors import UnreadableError
from racecraft.live.follower import Follower
from racecraft.live.inputs import growing, of_one_race, read_session
from racecraft.sources.livetiming import archive
from racecraft.sources.livetiming.sessions import sessions_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from racecraft.sources.livetiming.messages import Message


def session(kind: str, name: str, *, days: int, **info: Any) -> list[Message]:
    """The own session, of another kind and on another day."""
    own = archive.messages_of(own_session().files())
    known = {"Type": kind, "Name": name, "Path": f"2023/Toy/{name}/", **info}
    return [
        one._replace(
            moment=one.moment + timedelta(days=days),
            data={**one.data, **known} if one.stream == "SessionInfo" else one.data,
        )
        for one in own
    ]


PRACTICE = session("Practice", "Practice 1", days=-2)
SPRINT = session("Race", "Sprint", days=-1)
RACE = session("Race", "Race", days=0)
QUALIFYING = session("Qualifying", "Qualifying", days=1)


def written(folder: Path, *sessions: list[Message]) -> Path:
    file = folder / "recording.jsonl"
    file.write_text("".join(f"{one.line()}\n" for each in sessions for one in each))
    return file


def test_a_recording_of_a_weekend_holds_its_races(tmp_path: Path) -> None:
    file = written(tmp_path, PRACTICE, SPRINT, QUALIFYING, RACE)
    sprint, race = archive.races(archive.fetch(file))
    whole = archive.parse(own_session().files())
    for one, kind in ((sprint, "sprint"), (race, "race")):
        assert one.session == kind
        assert one.crossings.equals(whole.crossings)
        assert one.classification.height == whole.classification.height
        assert any("holds Practice 1, Qualifying too" in reason for reason in one.doubts["reason"])


def test_a_recording_that_ends_before_its_second_race_holds_the_first(tmp_path: Path) -> None:
    file = written(tmp_path, SPRINT, RACE[:7])
    [sprint] = archive.races(archive.fetch(file))
    assert sprint.session == "sprint"


def test_a_session_that_is_told_again_is_the_same_one() -> None:
    again = RACE[0]._replace(moment=RACE[60].moment, data={**RACE[0].data, "StartDate": "later"})
    assert len(sessions_of([*RACE[:60], again, *RACE[60:]])) == 1


def test_a_replay_is_of_the_first_race(tmp_path: Path) -> None:
    assert read_session(written(tmp_path, PRACTICE, RACE, QUALIFYING)) == RACE
    with pytest.raises(UnreadableError, match="this is 'Practice 1'"):
        read_session(written(tmp_path, PRACTICE))


def test_a_view_begins_and_ends_with_its_race(tmp_path: Path) -> None:
    file = written(tmp_path, PRACTICE, RACE, QUALIFYING)
    follower = Follower()
    told = follower.events()
    follower.start(growing(file, follower.broken))
    kinds = [event.kind for event in told]
    assert kinds.count("start") == kinds.count("end") == 1
    assert follower.failed is None
    assert "another session began: Qualifying; not followed" in follower.doubts()
    assert follower.race().crossings.equals(archive.parse(own_session().files()).crossings)


@pytest.mark.parametrize("pause", [True, False])
def test_practice_alone_is_one_error(pause: bool) -> None:
    def heard() -> Iterator[Message | None]:
        yield from PRACTICE
        if pause:
            yield None
            pytest.fail("nobody waits for what may come after practice")

    with pytest.raises(UnreadableError, match="this is 'Practice 1'"):
        list(of_one_race(heard(), lambda _: None))


def test_no_message_waits_for_the_name_of_its_session() -> None:
    heard: list[Message] = []

    def said() -> Iterator[Message]:
        for number, message in enumerate(RACE[1:20]):
            assert len(heard) == number
            yield message

    for one in of_one_race(said(), lambda _: None):
        assert one is not None
        heard.append(one)
    assert heard == RACE[1:20]

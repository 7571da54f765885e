"""Names of schedules: as short as tells them apart."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hexcli.labels import expert, matching, names
from hexcli.schedule import Schedule


def schedule(label: str, gen_length: int = 64, **fields: Any) -> Schedule:
    return Schedule.parse(label, gen_length=gen_length, **fields)


def test_a_label_that_nothing_shares_is_the_name() -> None:
    named = names(
        [schedule("32"), schedule("8", temperature=0.9, seed=3), schedule("8", temperature=0.9), schedule("48+16")]
    )
    assert list(named.values()) == ["8", "32", "48+16"]
    assert expert(schedule("8", temperature=0.9, seed=3)) in named


def test_canvases_of_different_lengths_are_in_the_name() -> None:
    named = names([schedule("32", 512), schedule("32", 128), schedule("32", 256), schedule("64", 256)])
    assert list(named.values()) == ["32@128", "32@256", "32@512", "64"]


def test_what_else_differs_is_spelled_out() -> None:
    named = names([schedule("32", steps=64), schedule("32", steps=32), schedule("32", 128, temperature=0.9)])
    assert set(named.values()) == {"32@64:steps=32", "32@64:steps=64", "32@128"}
    named = names([schedule("32"), schedule("32", remasking="random", temperature=0.5)])
    assert set(named.values()) == {
        "32:remasking=low_confidence:temperature=0.0",
        "32:remasking=random:temperature=0.5",
    }


def test_shortcuts_are_in_the_name() -> None:
    ways: list[dict[str, Any]] = [{}, {"kv_cache": "dual", "refresh": 8}, {"threshold": 0.9}]
    named = names(schedule("32", steps=32, **way) for way in ways)
    assert set(named.values()) == {
        "32:kv_cache=none:refresh=off:threshold=off",
        "32:kv_cache=dual:refresh=8:threshold=off",
        "32:kv_cache=none:refresh=off:threshold=0.9",
    }


def test_a_name_means_one_schedule_and_a_label_all_that_have_it() -> None:
    named = names([schedule("32", 128), schedule("32", 256), schedule("64", 256)])
    assert matching("32@256", named) == [schedule("32", 256)]
    assert matching("32", named) == [schedule("32", 128), schedule("32", 256)]
    assert matching("32@512", named) == []


@given(
    st.sets(
        st.builds(
            schedule,
            st.sampled_from(["8", "16", "32+96"]),
            st.just(128),
            steps=st.sampled_from([64, 128]),
            temperature=st.sampled_from([0.0, 0.9]),
            remasking=st.sampled_from(["low_confidence", "entropy"]),
            seed=st.integers(0, 3),
        )
    )
)
def test_no_two_schedules_share_a_name_and_every_name_finds_its_own(schedules: set[Schedule]) -> None:
    named = names(schedules)
    assert len(set(named.values())) == len(named) == len({expert(one) for one in schedules})
    for one, name in named.items():
        assert matching(name, named) == [one]
        assert "," not in name

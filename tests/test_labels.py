"""Names of schedules: as short as tells them apart."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.labels import FIELDS, base_of, expert, matching, names, read
from hexcli.schedule import Schedule


def schedule(label: str, gen_length: int = 64, **fields: Any) -> Schedule:
    return Schedule.parse(label, gen_length=gen_length, **fields)


BASE: dict[str, Any] = {"gen_length": 64}


def test_what_is_as_in_the_base_goes_without_saying() -> None:
    sampled = {**BASE, "temperature": 0.9}
    named = names([schedule("32", temperature=0.9), schedule("48+16", temperature=0.9, seed=3)], sampled)
    assert list(named.values()) == ["32", "48+16"]
    assert expert(schedule("48+16", temperature=0.9, seed=3)) in named


def test_what_is_not_is_spelled_out() -> None:
    ways: list[dict[str, Any]] = [{}, {"kv_cache": "dual", "refresh": 8, "steps": 16}, {"threshold": 0.9}]
    named = names([schedule("32", 256), schedule("8", 32, steps=8), *(schedule("32", **way) for way in ways)], BASE)
    assert list(named.values()) == [
        "8@32:steps=8",
        "32:steps=16:kv_cache=dual:refresh=8",
        "32",
        "32:threshold=0.9",
        "32@256",
    ]


def test_a_base_may_have_what_a_schedule_has_not() -> None:
    fast = {**BASE, "kv_cache": "dual", "refresh": 32, "threshold": 0.95, "cfg_scale": 1.5}
    slow = schedule("32")
    assert names([slow], fast)[slow] == "32:cfg_scale=0:kv_cache=none:refresh=off:threshold=off"
    assert matching(names([slow], fast)[slow], {slow: ""}) == [slow]


def test_texts_that_people_wrote_are_kept_in_one_spelling() -> None:
    written = ["8@64", " 32 : T=.50 ", "16:steps=64:samples=3"]
    named = names([read(text, BASE) for text in written] + [schedule("64")], BASE, written)
    assert list(named.values()) == ["8@64", "16:steps=64", "32:temperature=0.5", "64"]


def test_a_name_means_one_schedule_and_another_text_all_that_it_is_true_of() -> None:
    named = names([schedule("32", 128), schedule("32", 256), schedule("64", 256)], {"gen_length": 256}, ["32@128"])
    assert list(named.values()) == ["32@128", "32", "64"]
    assert matching("32", named) == [schedule("32", 256)]
    assert matching("32@256", named) == [schedule("32", 256)]
    assert matching("32:temperature=0", named) == [schedule("32", 128), schedule("32", 256)]
    assert matching("32+32+32+32", named) == [schedule("32", 128)]
    assert matching("32@512", named) == matching("32:colour=red", named) == matching("x", named) == []


def test_a_schedule_without_a_name_of_its_own_is_found_by_its_label() -> None:
    written = ["8@32", "8@64"]
    named = names([read(text, BASE) for text in written], BASE, written)
    assert len(matching("8", named)) == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("8@", "gen_length must be a whole number, not ''"),
        ("8:", "'' in schedule '8:' is no field=value: write 8:steps=64"),
        ("8:fast", "'fast' in schedule '8:fast' is no field=value"),
        ("8:step=4", "unknown field of a schedule 'step': did you mean 'steps'?"),
        ("8:steps=many", "steps must be a whole number, not 'many'"),
        ("8:temperature=hot", "temperature must be a number, not 'hot', in schedule '8:temperature=hot'"),
        ("8:steps=8:steps=9", "says one field twice"),
        ("8@64:canvas=32", "says one field twice"),
        ("8:remasking=lowest", "unknown remasking 'lowest'"),
        ("eight", "a schedule is a block length"),
    ],
)
def test_a_text_that_is_no_schedule_is_refused_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(ValueError) as refused:
        read(text, BASE)
    assert says in str(refused.value)


def test_every_field_of_a_schedule_can_be_said() -> None:
    fields = {each.name for each in dataclasses.fields(Schedule)} - {"blocks", "seed"}
    assert set(FIELDS) == fields


SETS = st.sets(
    st.builds(
        schedule,
        st.sampled_from(["8", "16", "32+96"]),
        st.just(128),
        steps=st.sampled_from([64, 128]),
        temperature=st.sampled_from([0.0, 0.9]),
        remasking=st.sampled_from(["low_confidence", "entropy"]),
        threshold=st.sampled_from([None, 0.9]),
        seed=st.integers(0, 3),
    )
)


@given(SETS)
def test_no_two_schedules_share_a_name_and_what_is_printed_can_be_typed(schedules: set[Schedule]) -> None:
    named = names(schedules, BASE)
    assert len(set(named.values())) == len(named) == len({expert(one) for one in schedules})
    for one, name in named.items():
        assert matching(name, named) == [one] == [expert(read(name, BASE))]
        assert "," not in name


@given(SETS, SETS)
def test_a_name_stays_when_other_schedules_join(some: set[Schedule], others: set[Schedule]) -> None:
    alone, together = names(some, BASE), names(some | others, BASE)
    assert {one: together[one] for one in alone} == alone


WAYS = (
    *("", ":temperature=0.5", ":temperature=0.9", ":kv_cache=prefix", ":remasking=entropy", ":steps=16"),
    *(":cfg_scale=1.5", ":alg=entropy", ":sampler=sdar", ":alg=origin:temperature=0.9:top_k=0", ":threshold=0.9"),
)
ANY = st.builds(
    lambda label, canvas, way: read(f"{label}@{canvas}{way}", BASE),
    st.sampled_from(("8", "16", "32")),
    st.sampled_from((64, 128)),
    st.sampled_from(WAYS),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(ANY, min_size=1, max_size=8, unique=True), st.randoms())
def test_without_a_first_one_names_do_not_depend_on_the_order_and_mean_one_schedule(
    some: list[Schedule], random: Any
) -> None:
    named = names(some, base_of(some))
    shuffled = random.sample(some, len(some))
    assert names(shuffled, base_of(shuffled)) == named
    assert len({*named.values()}) == len(named)
    for one, name in named.items():
        assert read(name, base_of(some)) == one
        assert matching(name, named) == [one]


def test_where_schedules_differ_each_says_what_is_not_the_default() -> None:
    cold, warm = schedule("8"), schedule("8", temperature=0.9)
    assert names([warm, cold], base_of([warm, cold])) == {cold: "8", warm: "8:temperature=0.9"}
    assert names([warm], base_of([warm])) == {warm: "8"}, "what all have goes without saying"
    long = schedule("8", 128)
    assert [*names([cold, long], base_of([cold, long])).values()] == ["8@64", "8@128"]

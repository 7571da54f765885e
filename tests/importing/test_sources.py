"""Which files are imported, and what is said of each."""

from pathlib import Path

import pytest

from hexcli.errors import UsageError
from hexcli.importing.sources import Source, sources


@pytest.mark.parametrize(
    ("argument", "path", "given"),
    [
        ("a.jsonl", "a.jsonl", {}),
        ("a.jsonl:block_length=8", "a.jsonl", {"block_length": 8}),
        ("x/a.jsonl:block_length=8,temperature=0.9", "x/a.jsonl", {"block_length": 8, "temperature": 0.9}),
        ("a.jsonl:block_length=48+16", "a.jsonl", {"blocks": [48, 16]}),
        ("a.jsonl:blocks=48+16,remasking=random", "a.jsonl", {"blocks": [48, 16], "remasking": "random"}),
        ("a.jsonl:kv_cache=dual,refresh=32", "a.jsonl", {"kv_cache": "dual", "refresh": 32}),
        (
            "a.jsonl:T=0.9,sampler=dream,alg=entropy",
            "a.jsonl",
            {"temperature": 0.9, "sampler": "dream", "alg": "entropy"},
        ),
        ("a.jsonl:full_canvas=true,suppress_tokens=5+9", "a.jsonl", {"full_canvas": True, "suppress_tokens": [5, 9]}),
        ("c:/a_2024-01-01T10:00:00.jsonl", "c:/a_2024-01-01T10:00:00.jsonl", {}),
        ("c:/a_10:00.jsonl:steps=4", "c:/a_10:00.jsonl", {"steps": 4}),
    ],
)
def test_a_file_and_its_schedule(argument: str, path: str, given: dict[str, object]) -> None:
    assert sources([argument], None) == [Source(path=Path(path), given=given)]


def test_a_file_of_that_very_name_is_meant(tmp_path: Path) -> None:
    odd = tmp_path / "a:steps=4"
    odd.write_text("")
    assert sources([str(odd)], None) == [Source(path=odd)]


def test_a_schedule_as_it_is_printed(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("")
    for text, given in (
        ("8", {"block_length": 8}),
        ("32@256:steps=64:T=0.9", {"block_length": 32, "gen_length": 256, "steps": 64, "temperature": 0.9}),
        ("48+16", {"blocks": [48, 16]}),
    ):
        assert sources([f"{file}:{text}"], None) == [Source(path=file, given=given)]
    with pytest.raises(UsageError, match="unknown field of a schedule 'stps'"):
        sources([f"{file}:8:stps=4"], None)
    with pytest.raises(UsageError, match="jsonl:eight"):
        sources([f"{file}:eight"], None)


@pytest.mark.parametrize(
    ("behind", "given"),
    [("", {}), (":block_length=8", {"block_length": 8}), (":8@64", {"block_length": 8, "gen_length": 64})],
)
def test_a_pattern_in_quotes_is_all_of_its_files(
    behind: str, given: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("b-21.jsonl", "a-21.jsonl", "a-22.jsonl"):
        Path(name).write_text("")
    assert sources([f"*-21.jsonl{behind}"], None) == [
        Source(path=Path(name), given=given) for name in ("a-21.jsonl", "b-21.jsonl")
    ]
    assert sources([f"{tmp_path}/?-22.jsonl{behind}"], None) == [Source(path=tmp_path / "a-22.jsonl", given=given)]


def test_a_pattern_of_no_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"no file is called like '\*\.jsonl'"):
        sources(["*.jsonl:block_length=8"], None)


@pytest.mark.parametrize(
    ("argument", "says"),
    [
        ("a:block_lenth=8", "a:block_lenth=8: unknown field 'block_lenth': did you mean 'block_length'?"),
        ("a:block_length=x", "a:block_length=x: block_length cannot be 'x'"),
        ("a:steps=1.5", "a:steps=1.5: steps cannot be '1.5'"),
        ("a:block_length=8,32", "a:block_length=8,32: '32' is no field of a schedule: write FILE:block_length=8,steps"),
        ("a:block_length=", "'block_length=' is no field of a schedule"),
        ("a:blocks=8+8,block_length=8", "blocks and block_length are two ways to say one thing"),
        ("a:temperature=hot", "temperature cannot be 'hot'"),
    ],
)
def test_what_is_no_schedule_is_said(argument: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        sources([argument], None)
    assert says in str(caught.value)


def test_a_mapping_file(tmp_path: Path) -> None:
    for name in ("b8.jsonl", "b32_x.jsonl", "b32_y.jsonl", "uneven.jsonl"):
        (tmp_path / name).write_text("")
    mapping = tmp_path / "map.yaml"
    mapping.write_text(
        "b8.jsonl: {block_length: 8}\nb32_*.jsonl: {block_length: 32, temperature: 0.9}\nuneven.jsonl: 48+16\n"
    )
    assert [(source.path.name, source.given) for source in sources(["a.jsonl"], mapping)] == [
        ("a.jsonl", {}),
        ("b8.jsonl", {"block_length": 8}),
        ("b32_x.jsonl", {"block_length": 32, "temperature": 0.9}),
        ("b32_y.jsonl", {"block_length": 32, "temperature": 0.9}),
        ("uneven.jsonl", {"blocks": [48, 16]}),
    ]
    mapping.write_text(f"{tmp_path}/b8.jsonl: 8\n{tmp_path}/b32_*: 32\n")
    assert [source.given["block_length"] for source in sources([], mapping)] == [8, 32, 32]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nowhere.jsonl: 8", "map.yaml: nowhere.jsonl: there is no such file"),
        ("no*.jsonl: 8", "map.yaml: no*.jsonl: there is no such file"),
        ("map.yaml: {block: 8}", "map.yaml: map.yaml: unknown field 'block'"),
        ("map.yaml: true", "map.yaml: map.yaml: block_length cannot be True"),
        ("map.yaml: {steps: [1]}", "steps cannot be [1]"),
        ("- map.yaml", "is not a mapping of files"),
        ("a: [", "not YAML"),
    ],
)
def test_what_is_wrong_with_a_mapping_file(tmp_path: Path, text: str, says: str) -> None:
    mapping = tmp_path / "map.yaml"
    mapping.write_text(text)
    with pytest.raises(UsageError) as caught:
        sources([], mapping)
    assert says in str(caught.value)


def test_nothing_is_no_import() -> None:
    with pytest.raises(UsageError, match="nothing to import: name its files, or a --map that does"):
        sources([], None)

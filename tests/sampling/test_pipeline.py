"""d3LLM's blocks that are decoded at once, against their transcription."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hexcli.sampling.sampler import Row
from hexcli.schedule import Schedule
from tests.samplers.d3llm import multi_block
from tests.sampling.decoding import SHIFTED, SURE, decode, jobs, schedule
from tests.toys import MASK


def pipelines(draw: st.DrawFn) -> Schedule:
    block = draw(st.integers(1, 8))
    return schedule(
        str(block),
        block * draw(st.integers(1, 5)),
        sampler=draw(st.sampled_from(["d3llm", "d3llm_dream"])),
        entropy_threshold=draw(st.sampled_from([0.1, 0.5, 1.0, 2.0, 3.0])),
        block_add_threshold=draw(st.sampled_from([0.1, 0.3, 0.5, 0.95, 1.0])),
    )


@settings(max_examples=60)
@given(jobs(pipelines), st.sampled_from([0.0, 0.5, 0.95]), st.booleans())
def test_d3llm_decodes_blocks_at_once(rows: list[Row], activation: float, beside: bool) -> None:
    """`decoded_token_threshold` changes nothing: the first block with masks follows a full one."""
    extra = [Row(prompt_ids=(3, 7), schedule=schedule("4", 16, kv_cache="dual"))] if beside else []
    model = SHIFTED if beside else SURE
    for row, decoded in zip(rows, decode([*rows, *extra], model), strict=False):
        one = row.schedule
        tokens, nfe = multi_block(
            model,
            list(row.prompt_ids),
            new_tokens=one.gen_length,
            block_size=one.blocks[0],
            mask_id=MASK,
            threshold=one.entropy_threshold or 0.0,
            block_add_threshold=one.block_add_threshold,
            decoded_token_threshold=activation,
            for_dream=one.sampler == "d3llm_dream",
        )
        assert (list(decoded.token_ids), decoded.nfe) == (tokens, nfe)
        assert decoded.nfe <= one.nfe

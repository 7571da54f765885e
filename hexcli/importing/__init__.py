"""`hex import`: generations made elsewhere become a run folder, to be voted on and scored like our own.

| format    | is | the schedule is in it |
|-----------|----|-----------------------|
| `d1`      | the JSON that d1's and HEX's evaluation writes, one file a schedule | yes |
| `lm-eval` | `samples_<task>_<time>.jsonl` of lm-evaluation-harness, tasks that generate | no |
| `jsonl`   | one JSON object a line, see `importing.plain` | where the rows state it |

`reading` tells the formats apart and reads files into samples, `gathering` matches the samples of all files by
their question and makes generations of them, `writing` makes the run folder, whole or not at all.
"""

"""The tables of RESULTS.md, from run folders or from the votes kept of them.

python recipes/tiny/results.py RUN... [--keep votes.json.gz] [--write RESULTS.md]
python recipes/tiny/results.py recipes/tiny/results/votes.json.gz --write recipes/tiny/RESULTS.md

In a text, what stands between `<!-- table NAME -->` and `<!-- end -->` is replaced by the table of that name.
"""

import argparse
import sys
from pathlib import Path

from figures import filled
from sheets import collect, save
from study import TABLES, Study

from hexcli.errors import HexError


def main() -> None:
    """Read, keep, print or write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("sources", type=Path, nargs="+", help="run folders, folders of them, or a kept file")
    parser.add_argument("--keep", type=Path, help="write all votes to this file")
    parser.add_argument("--write", type=Path, help="put the tables into this text instead of printing them")
    args = parser.parse_args()
    try:
        sheets = collect(args.sources)
    except HexError as error:
        sys.exit(str(error))
    if args.keep:
        save(sheets, args.keep)
    study = Study(sheets)
    text = args.write.read_text() if args.write else ""
    for name, make in TABLES.items():
        try:
            made = make(study)
        except (KeyError, HexError) as missing:
            print(f"no table {name}: {missing.args[0]}")
            continue
        if args.write:
            text = filled(text, name, made)
        else:
            print(f"\n## {name}\n\n{made}")
    if args.write:
        args.write.write_text(text)


if __name__ == "__main__":
    main()

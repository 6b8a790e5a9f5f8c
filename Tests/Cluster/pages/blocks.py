"""The fenced blocks of a page that are meant to be run.

blocks.py PAGE           the commands of all `sh` blocks, in order
blocks.py PAGE NAME      the block whose fence says `LANGUAGE NAME`, such as service.py
blocks.py PAGE --names   the names of such blocks
"""

import sys


def blocks(page):
    """(language, name, text) of each fenced block."""
    fence, lines = None, []
    for line in open(page):
        if not line.startswith("```"):
            if fence is not None:
                lines.append(line)
        elif fence is None:
            words = line[3:].split()
            fence, lines = (words + ["", ""])[:2], []
        else:
            yield *fence, "".join(lines)
            fence = None
    assert fence is None, f"{page}: a block without an end"


def main():
    page, *rest = sys.argv[1:]
    found = list(blocks(page))
    if not rest:
        print("".join(text for language, _, text in found if language == "sh"), end="")
    elif rest[0] == "--names":
        print(*(name for _, name, _ in found if name), sep="\n")
    else:
        texts = [text for _, name, text in found if name == rest[0]]
        assert len(texts) == 1, f"{page} has {len(texts)} blocks named {rest[0]}"
        print(texts[0], end="")


main()

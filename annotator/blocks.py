"""Blocks of a text."""
from __future__ import annotations
import re
from annotator.record import Block
def find_blocks(text: str, markdown: bool = False) -> list[Block]:
    """Blocks, one a line for now."""
    out = []
    for m in re.finditer(r"[^\n\r\u2028\u2029\x0b\x0c\x85]+", text):
        p = m.group(); b = p.strip()
        if b:
            s = m.start() + len(p) - len(p.lstrip()); out.append(Block(s, s + len(b), "body"))
    return out

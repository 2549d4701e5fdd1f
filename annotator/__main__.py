"""``python -m annotator`` is the same as the command ``annotator``."""

from annotator.cli import main

main(prog_name="annotator")

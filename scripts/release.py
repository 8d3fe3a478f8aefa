"""Build the release of the checked-out commit twice, to the same bytes: wheel, source distribution, bill of materials.

`make release` writes them and their sha256 to `build/release`. Each build has a clone in a temporary folder of
its own, so that nothing untracked can come in, and the second build shows that neither place nor time is in
the bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import shutil
import subprocess  # nosec B404
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
RELEASE = ROOT / "build" / "release"


def main() -> int:
    """Build twice and compare; exit 1 where the builds differ."""
    with TemporaryDirectory() as first, TemporaryDirectory() as second:
        builds = [build(Path(folder)) for folder in (first, second)]
        sums = [{path.name: sha256(path) for path in paths} for paths in builds]
        if sums[0] != sums[1]:
            differing = sorted(
                name for name in sums[0].keys() | sums[1].keys() if sums[0].get(name) != sums[1].get(name)
            )
            print(f"release: two builds differ in {', '.join(differing)}", file=sys.stderr)
            return 1
        shutil.rmtree(RELEASE, ignore_errors=True)
        RELEASE.mkdir(parents=True)
        for path in builds[0]:
            shutil.copyfile(path, RELEASE / path.name)
    lines = [f"{digest}  {name}\n" for name, digest in sorted(sums[0].items())]
    (RELEASE / "SHA256SUMS").write_text("".join(lines), "utf-8")
    print("".join(lines), end="")
    return 0


def build(folder: Path) -> list[Path]:
    """Build the commit in a clone within an empty folder and return the files."""
    clone, out = folder / "clone", folder / "dist"
    run(["git", "clone", "--quiet", "--shared", str(ROOT), str(clone)], ROOT)
    epoch = int(run(["git", "log", "-1", "--format=%ct"], clone))
    distributions(clone, out, epoch)
    wheel = next(out.glob("*.whl"))
    materials = out / f"{'-'.join(wheel.name.split('-')[:2])}.cdx.json"
    command = ["-m", "cyclonedx_py", "requirements", "--output-reproducible", "--of", "JSON", "-o", str(materials)]
    run([sys.executable, *command, "requirements.txt"], clone)
    return sorted(out.iterdir())


def distributions(tree: Path, out: Path, epoch: int) -> None:
    """Build the wheel and the source distribution of a tree with the installed tools, in no environment of its own."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--sdist", "--outdir", str(out), str(tree)]
    run(command, tree, {"SOURCE_DATE_EPOCH": str(epoch)})
    for path in out.glob("*.tar.gz"):
        path.write_bytes(normalised(path.read_bytes(), epoch))


def normalised(archive: bytes, epoch: int) -> bytes:
    """Return a .tar.gz with its members in order, without owners, all of one time in seconds since 1970."""
    unpacked = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(archive)) as source,
        tarfile.open(fileobj=unpacked, mode="w", format=tarfile.GNU_FORMAT) as target,
    ):
        for member in sorted(source.getmembers(), key=lambda entry: entry.name):
            content = source.extractfile(member)
            member.mtime, member.uid, member.gid, member.uname, member.gname = epoch, 0, 0, "", ""
            member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
            member.pax_headers = {}
            target.addfile(member, content)
    return gzip.compress(unpacked.getvalue(), mtime=epoch)


def sha256(path: Path) -> str:
    """Return the digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run(command: Sequence[str], folder: Path, environment: dict[str, str] | None = None) -> str:
    """Run a program of ours and return what it prints; what it complains of goes to standard error where it fails."""
    variables = {**os.environ, **(environment or {})}
    done = subprocess.run(  # nosec B603
        command, cwd=folder, env=variables, capture_output=True, text=True, check=False
    )
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
        done.check_returncode()
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())

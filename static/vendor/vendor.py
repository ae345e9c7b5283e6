"""Re-create or check the front-end files in this folder that other people made.

    python static/vendor/vendor.py            check every file against VENDOR.json; exit 1 on a difference
    python static/vendor/vendor.py --fetch    download with `npm pack`, change what VENDOR.json says, record the sums

Only a developer who moves to a new release needs --fetch, with Node's npm and Chromium installed: change the version
and the folder in VENDOR.json, delete its "sha256" keys, run it, and read the difference before committing.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
LIST = HERE / "VENDOR.json"

GOVUK_LICENCE = """The MIT License (MIT)

Copyright (C) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies
of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


def sha256(content):
    """Hex SHA-256 of `content` (bytes)."""
    return hashlib.sha256(content).hexdigest()


def without_govuk_identity(folder):
    """Take out what only GOV.UK may show, the font and the crest, and the pointers to maps we do not carry."""
    css = folder / "govuk-frontend.min.css"
    text = re.sub(r"@font-face\{[^}]*\}", "", css.read_text("utf-8"))
    text = text.replace("GDS Transport,arial,sans-serif", "var(--app-font,arial,sans-serif)")
    # `background-image`, `mask-image` and its -webkit- twin are the only declarations that name the crest
    text = re.sub(r"[a-z-]+:url\([^)]*govuk-crest[^)]*\);?", "", text)
    if "GDS Transport" in text or "url(" in text:
        raise SystemExit("govuk-frontend names a font or an image in a way this script does not know yet")
    css.write_text(re.sub(r"\s*/\*# sourceMappingURL=.*?\*/", "", text), "utf-8")
    script = folder / "govuk-frontend.min.js"
    script.write_text(re.sub(r"//# sourceMappingURL=.*", "", script.read_text("utf-8")), "utf-8")
    (folder / "LICENCE").write_text(GOVUK_LICENCE, "utf-8")


def plotly_style(folder):
    """Write plotly.css: the rules plotly.js inserts by script, read back from a page that has no policy."""
    from playwright.sync_api import sync_playwright  # a development requirement, needed by --fetch alone

    with sync_playwright() as run:
        browser = run.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content("<!doctype html><title>plotly</title><div id=chart></div>")
        page.add_script_tag(path=folder / "plotly-cartesian.min.js")
        page.evaluate("Plotly.newPlot('chart', [{x: [1, 2], y: [1, 2]}])")
        rules = page.evaluate(
            "[...document.getElementById('plotly.js-style-global').sheet.cssRules].map(rule => rule.cssText)"
        )
        browser.close()
    (folder / "plotly.css").write_text("\n".join(rules) + "\n", "utf-8")


AFTER = {"govuk-frontend": without_govuk_identity, "plotly.js-cartesian-dist-min": plotly_style}


def fetch(package):
    """Download one package, refuse it when its archive is not the one recorded, and write its files."""
    folder = (HERE / package["folder"]).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as work:
        subprocess.run(["npm", "pack", "--silent", f"{package['name']}@{package['version']}"], cwd=work, check=True)
        archive = next(Path(work).glob("*.tgz"))
        found = sha256(archive.read_bytes())
        if package.setdefault("archive_sha256", found) != found:
            raise SystemExit(f"{package['name']}: the archive is not the one VENDOR.json recorded")
        with tarfile.open(archive) as packed:
            for source, target in package["files"].items():
                member = packed.extractfile(source)
                assert member is not None, f"{source} is not a file"
                (folder / target).write_bytes(member.read())
    AFTER.get(package["name"], lambda folder: None)(folder)
    package["sha256"] = {path.name: sha256(path.read_bytes()) for path in sorted(folder.iterdir())}


def differences(package):
    """Sentences about files of `package` that are missing, changed or strangers; empty when all is well."""
    folder = (HERE / package["folder"]).resolve()
    found = {path.name: sha256(path.read_bytes()) for path in folder.iterdir()} if folder.is_dir() else {}
    recorded = package["sha256"]
    names = sorted(found.keys() | recorded.keys())
    return [f"{package['folder']}/{name} differs" for name in names if found.get(name) != recorded.get(name)]


def main():
    listed = json.loads(LIST.read_text("utf-8"))
    if "--fetch" in sys.argv[1:]:
        for package in listed["packages"]:
            fetch(package)
        LIST.write_text(json.dumps(listed, indent=2) + "\n", "utf-8")
    wrong = [line for package in listed["packages"] for line in differences(package)]
    print("\n".join(wrong) or f"{len(listed['packages'])} packages are as recorded")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())

"""Is there a known advisory for a version of constraints.txt? Answered without a network, from a snapshot.

    python .ci/advisories.py                 # the check: 1 when a pinned version is affected, or was not looked up
    python .ci/advisories.py take all.zip    # a new snapshot, of OSV's export for Python packages

OSV (osv.dev) makes the export anew every day, as `all.zip`. It may be carried to a machine without a network. The
snapshot holds what it says of the packages of constraints.txt, and of when it is.
"""

import json
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

HERE = Path(__file__).parent
CONSTRAINTS = HERE.parent / "constraints.txt"
SNAPSHOT = HERE / "advisories.json"

Advisory = Mapping[str, Any]
"""As OSV writes it: https://ossf.github.io/osv-schema/"""


def pinned(constraints: str) -> dict[str, Version]:
    """The version of each package, by its canonical name."""
    lines = (line.strip() for line in constraints.splitlines())
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(pin.name): Version(next(iter(pin.specifier)).version) for pin in pins}


def snapshot_of(export: Iterable[Advisory], names: Iterable[str]) -> dict[str, Any]:
    """What the export says of these packages, without what was withdrawn; `as_of` is its newest change."""
    packages: dict[str, list[Advisory]] = {name: [] for name in sorted(names)}
    as_of = ""
    for advisory in export:
        as_of = max(as_of, advisory["modified"])
        if advisory.get("withdrawn"):
            continue
        for affected in advisory.get("affected", ()):
            name = canonicalize_name(affected.get("package", {}).get("name", ""))
            if name in packages:
                kept = {key: affected[key] for key in ("versions", "ranges") if key in affected}
                said = advisory.get("summary") or advisory.get("details", "")[:100]
                packages[name].append({"id": advisory["id"], "summary": said, "affected": kept})
    return {"as_of": as_of, "packages": packages}


def findings(pins: Mapping[str, Version], snapshot: Mapping[str, Any]) -> Iterator[str]:
    """A line for each pinned version that is affected, and for each package that the snapshot says nothing of."""
    for name, version in pins.items():
        if name not in snapshot["packages"]:
            yield f"{name}: not in the snapshot; take a new one"
        for advisory in snapshot["packages"].get(name, ()):
            if is_affected(version, advisory["affected"]):
                yield f"{name} {version}: {advisory['id']}, {advisory['summary']}"


def is_affected(version: Version, affected: Mapping[str, Any]) -> bool:
    """Whether it is one of the versions, or lies in a range: from `introduced` on, until `fixed` or `last_affected`."""
    if version in {found for text in affected.get("versions", ()) if (found := _version(text))}:
        return True
    return any(
        _is_within(version, span["events"]) for span in affected.get("ranges", ()) if span["type"] == "ECOSYSTEM"
    )


def _is_within(version: Version, events: Iterable[Mapping[str, str]]) -> bool:
    inside = False
    steps = [(found, kind) for event in events for kind, text in event.items() if (found := _version(text))]
    for at, kind in sorted(steps):
        if kind == "introduced" and version >= at:
            inside = True
        elif (kind == "fixed" and version >= at) or (kind == "last_affected" and version > at):
            inside = False
    return inside


def _version(text: str) -> Version | None:
    """None for what PyPI would not take today either."""
    try:
        return Version(text)
    except InvalidVersion:
        return None


def _advisories_in(export: Path) -> Iterator[Advisory]:
    with zipfile.ZipFile(export) as files:
        for name in files.namelist():
            yield json.loads(files.read(name))


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """Check constraints.txt against the snapshot."""
    if context.invoked_subcommand:
        return
    if not SNAPSHOT.exists():
        click.echo("NOT CHECKED: there is no snapshot of advisories; `python .ci/advisories.py take all.zip` makes one")
        return
    snapshot = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    pins = pinned(CONSTRAINTS.read_text(encoding="utf-8"))
    found = list(findings(pins, snapshot))
    for line in found:
        click.echo(line, err=True)
    click.echo(f"{len(pins)} versions, {len(found)} findings by advisories as of {snapshot['as_of']}")
    sys.exit(1 if found else 0)


@main.command()
@click.argument("export", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def take(export: Path) -> None:
    """Make the snapshot anew of EXPORT, OSV's all.zip for PyPI."""
    names = pinned(CONSTRAINTS.read_text(encoding="utf-8"))
    snapshot = snapshot_of(_advisories_in(export), names)
    SNAPSHOT.write_text(json.dumps(snapshot, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    click.echo(f"{SNAPSHOT}: advisories of {len(names)} packages as of {snapshot['as_of']}")


if __name__ == "__main__":
    main()

"""Which folder holds an authority's inputs, and which authorities a data folder holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.intake.authorities import (
    authority_names,
    authority_of,
    resolve_authority,
    slug,
)
from sufficiency_lib.intake.files import InputFile
from sufficiency_lib.intake.recognised import holds_returns, is_episodes_file
from sufficiency_lib.settings import names_members, read_profile

#: A folder of a data folder that is never an authority's.
NOT_AUTHORITIES = frozenset({"reference"})


@dataclass(frozen=True)
class AuthorityFolder:
    """One authority's inputs.

    folder  where they are
    code    today's ONS code; None when the name is not one we know
    name    the authority's name, or the folder's
    slug    the name its outputs go by
    """

    folder: Path
    code: str | None
    name: str
    slug: str


def find_authority(authority: str, data: Path) -> AuthorityFolder:
    """The folder that holds an authority's inputs.

    authority  ONS code or name (any spelling), or a folder's own name
    data       a folder that holds a folder an authority; or one authority's inputs themselves

    Raises ConfigurationError when the data folder is not there, when no folder in it is the
    authority's, or when more than one is.
    """
    data = data.absolute()
    if not data.is_dir():
        raise ConfigurationError(
            f"There is no folder '{_called(data)}' to read data from; give its path with --data."
        )
    folders = _folders(data)
    named = [folder for folder in folders if folder.name.casefold() == authority.casefold()]
    # A folder's own name may be one that means several authorities of today.
    code = authority_of(named[0].name) if named else resolve_authority(authority)
    matching = [
        folder
        for folder in folders
        if folder in named or (code is not None and authority_of(folder.name) == code)
    ]
    if len(matching) > 1:
        names = ", ".join(f"'{folder.name}'" for folder in matching)
        raise ConfigurationError(
            f"'{authority}' has more than one folder in '{_called(data)}': {names}; keep one."
        )
    if matching:
        return _described(matching[0], code)
    own = data.name.casefold() == authority.casefold()
    if (code is not None or own) and _is_one_authority(data):
        return _described(data, code)
    raise ConfigurationError(_not_found(authority, code, data))


def find_members(
    home: AuthorityFolder, members: Sequence[str], data: Path
) -> list[AuthorityFolder]:
    """The folders of the members of a consortium, by slug.

    home     the consortium's own folder, which has its profile
    members  ONS codes or names, as its profile gives them
    data     the folder that holds a folder an authority: a member's folder lies in the
             consortium's own, or beside it

    Raises ConfigurationError, a sentence, for a member without a folder, one named twice, or one
    that is itself a consortium.
    """
    if _is_one_authority(home.folder):
        raise ConfigurationError(
            f"The folder of {home.name} has returns of its own, and its profile names members; put "
            "each return in its member's folder."
        )
    found: dict[Path, str] = {}
    listed = []
    for name in members:
        one = _member(home, name, data)
        if one.folder == home.folder or names_members(one.folder):
            raise ConfigurationError(
                f"{home.name}: the member '{name}' is itself a consortium; name its members "
                "instead."
            )
        if one.folder in found:
            raise ConfigurationError(
                f"{home.name}: the members '{found[one.folder]}' and '{name}' are one authority; "
                "name it once."
            )
        found[one.folder] = name
        listed.append(one)
    return sorted(listed, key=lambda one: one.slug)


def input_folders(home: AuthorityFolder, data: Path | None) -> dict[str, Path]:
    """Every folder that what is said of an authority rests on, its own under a blank name.

    A consortium's members stand under their slugs. Members that cannot be found are left out
    here: `find_members` says so when they are read.
    """
    folders = {"": home.folder}
    if names_members(home.folder):
        try:
            profile = read_profile(home.folder, code=home.code, name=home.name, slug=home.slug)
            members = find_members(home, profile.members, data or home.folder.parent)
            folders |= {one.slug: one.folder for one in members}
        except ConfigurationError:
            return folders
    return folders


def _member(home: AuthorityFolder, name: str, data: Path) -> AuthorityFolder:
    for place in (home.folder, data):
        try:
            return find_authority(name, place)
        except ConfigurationError as error:
            missing = error
    raise ConfigurationError(f"A member of {home.name} cannot be read. {missing}")


def list_authorities(data: Path) -> list[AuthorityFolder]:
    """Every authority with an SSDA903 episodes table in a data folder, by slug.

    A folder whose profile names members is one too: a consortium.
    """
    if not data.is_dir():
        raise ConfigurationError(
            f"There is no folder '{_called(data)}' to read data from; give its path with --data."
        )
    found = [
        _described(folder, authority_of(folder.name))
        for folder in _folders(data)
        if holds_returns(folder) or names_members(folder)
    ]
    return sorted(found, key=lambda item: item.slug)


def _called(data: Path) -> str:
    """A data folder as a sentence names it; a drive or a share has nothing but its path."""
    return data.name or str(data)


def _folders(data: Path) -> list[Path]:
    return sorted(
        folder
        for folder in data.iterdir()
        if folder.is_dir()
        and not folder.name.startswith((".", "_"))
        and folder.name not in NOT_AUTHORITIES
    )


def _is_one_authority(data: Path) -> bool:
    """Whether the data folder is one authority's own, not one with a folder for each.

    It is when an episodes table lies in it, or when every folder in it that holds one is
    named after a year.
    """
    files = (InputFile(path.name, path) for path in sorted(data.iterdir()) if path.is_file())
    if any(file.is_readable and is_episodes_file(file) for file in files):
        return True
    years = [folder for folder in _folders(data) if holds_returns(folder)]
    return bool(years) and all(re.search(r"(19|20)\d\d", folder.name) for folder in years)


def _described(folder: Path, code: str | None) -> AuthorityFolder:
    # The register writes "Herefordshire, County of"; readers know it without the rest.
    name = authority_names()[code].partition(",")[0] if code else folder.name
    return AuthorityFolder(folder, code, name, slug(name) or "authority")


def _not_found(authority: str, code: str | None, data: Path) -> str:
    known = ", ".join(folder.name for folder in _folders(data)[:6]) or "no folder"
    if code is None:
        return (
            f"'{authority}' is not an authority we know, nor a folder in '{_called(data)}' "
            f"(which holds {known}); give an ONS code such as E06000019, or a name."
        )
    return (
        f"'{authority}' ({code}) has no folder in '{_called(data)}', which holds {known}; put its "
        f"returns in '{_called(data)}/{slug(authority_names()[code])}'."
    )

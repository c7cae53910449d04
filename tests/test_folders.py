"""Which folder is an authority's."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_return import write_return

from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.intake.folders import find_authority, list_authorities

HEREFORDSHIRE = "E06000019"


@pytest.mark.parametrize("folder", ["herefordshire", "Herefordshire", "E06000019", "e06000019",
                                    "Herefordshire, County of", "884", "Herefordshire Council"])
@pytest.mark.parametrize("asked", ["herefordshire", "E06000019", "884", "HEREFORDSHIRE",
                                   "Herefordshire, County of"])
def test_a_folder_by_code_name_or_slug(tmp_path: Path, folder: str, asked: str) -> None:
    write_return(tmp_path / folder)
    found = find_authority(asked, tmp_path)
    assert found.folder == tmp_path / folder
    assert (found.code, found.name, found.slug) == (
        HEREFORDSHIRE, "Herefordshire", "herefordshire"
    )


def test_a_name_with_an_ampersand(tmp_path: Path) -> None:
    write_return(tmp_path / "Brighton & Hove")
    for asked in ("brighton-and-hove", "Brighton and Hove", "E06000043"):
        found = find_authority(asked, tmp_path)
        assert (found.code, found.slug) == ("E06000043", "brighton-and-hove")


def test_an_old_code_leads_to_todays(tmp_path: Path) -> None:
    write_return(tmp_path / "E08000019")
    found = find_authority("Sheffield", tmp_path)
    assert (found.code, found.folder.name) == ("E08000039", "E08000019")


def test_a_folder_that_is_no_authority_goes_by_its_own_name(tmp_path: Path) -> None:
    write_return(tmp_path / "Wonderland (test)")
    found = find_authority("wonderland (test)", tmp_path)
    assert (found.code, found.name, found.slug) == (None, "Wonderland (test)", "wonderland-test")


def test_a_folder_whose_name_has_no_letter_still_has_a_slug(tmp_path: Path) -> None:
    write_return(tmp_path / "§§")
    assert find_authority("§§", tmp_path).slug == "authority"


def test_a_folder_named_after_a_county_that_was_split_goes_by_its_own_name(
    tmp_path: Path,
) -> None:
    write_return(tmp_path / "Northamptonshire")
    found = find_authority("northamptonshire", tmp_path)
    assert (found.code, found.folder.name) == (None, "Northamptonshire")


def test_a_county_that_was_split_is_ambiguous_without_such_a_folder(tmp_path: Path) -> None:
    write_return(tmp_path / "herefordshire")
    with pytest.raises(ConfigurationError, match="could mean .* or "):
        find_authority("Northamptonshire", tmp_path)


def test_the_data_folder_may_be_the_authoritys_own(tmp_path: Path) -> None:
    own = write_return(tmp_path / "herefordshire")
    assert find_authority("E06000019", own).folder == own
    years = tmp_path / "E06000018"
    write_return(years / "2023-24")
    write_return(years / "returns 2025")
    found = find_authority("nottingham", years)
    assert (found.folder, found.slug) == (years, "nottingham")


def test_a_folder_beside_one_that_holds_others_returns_is_not_taken(tmp_path: Path) -> None:
    write_return(tmp_path / "nottingham")
    with pytest.raises(ConfigurationError) as caught:
        find_authority("herefordshire", tmp_path)
    assert "'herefordshire' (E06000019) has no folder in" in str(caught.value)
    assert "which holds nottingham" in str(caught.value)
    assert "/herefordshire'" in str(caught.value)


def test_the_data_folder_may_be_where_we_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = write_return(tmp_path / "wonderland")
    monkeypatch.chdir(own)
    found = find_authority("wonderland", Path("."))
    assert (found.name, found.folder) == ("wonderland", own)


def test_two_folders_of_one_authority_are_refused(tmp_path: Path) -> None:
    write_return(tmp_path / "E06000019")
    write_return(tmp_path / "herefordshire")
    with pytest.raises(ConfigurationError) as caught:
        find_authority("herefordshire", tmp_path)
    assert "more than one folder" in str(caught.value)
    assert "'E06000019', 'herefordshire'" in str(caught.value)


@pytest.mark.parametrize(
    "text", ["../secret", "..", ".", "/", "herefordshire/../secret", "secret/..", "*", "\x00", "",
             "C:\\secret", "reference", "_private", ".hidden"]
)
def test_no_text_leads_out_of_the_data_folder(tmp_path: Path, text: str) -> None:
    write_return(tmp_path / "secret")
    for name in ("nottingham", "reference", "_private", ".hidden"):
        write_return(tmp_path / "data" / name)
    with pytest.raises(ConfigurationError, match="is not an authority we know, nor a folder"):
        find_authority(text, tmp_path / "data")


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    for call in (lambda path: find_authority("herefordshire", path), list_authorities):
        with pytest.raises(ConfigurationError, match="There is no folder 'nowhere'"):
            call(tmp_path / "nowhere")
    with pytest.raises(ConfigurationError, match="holds no folder"):
        find_authority("narnia", tmp_path)


def test_every_authority_with_returns_is_listed_by_slug(tmp_path: Path) -> None:
    for name in ("Wonderland", "E06000018", "herefordshire", "reference", ".git"):
        write_return(tmp_path / name / "2024")
    (tmp_path / "empty").mkdir()
    (tmp_path / "note.txt").write_text("nothing")
    listed = [(item.slug, item.code) for item in list_authorities(tmp_path)]
    assert listed == [
        ("herefordshire", "E06000019"), ("nottingham", "E06000018"), ("wonderland", None)
    ]

"""An XML return, in both shapes of names, is read as csv would be; unsafe XML is refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from sufficiency_lib.errors import InputError
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.recognised import holds_returns
from sufficiency_lib.intake.returns import read_returns
from sufficiency_lib.intake.xmlfile import read_xml_tables

EPISODE = (
    "<EPISODE><DECOM>05/06/2023</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN>"
    "<{place}>U4</{place}><PLACE_PROVIDER>PR1</PLACE_PROVIDER><HOME_POST>HR1 1AA</HOME_POST>"
    "<PL_POST>HR1 1AB</PL_POST><DEC>{dec}</DEC><REC>{rec}</REC></EPISODE>"
)
CHILD = (
    "<CHILD><HEADER><{child}>0007</{child}><SEX>2</SEX><DOB>01/02/2010</DOB><ETHNIC>WBRI</ETHNIC>"
    "<UASC /><DUC>01/02/2028</DUC>"
    "<AREVIEW><REVIEW>01/09/2023</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW>"
    "<AMISSING><MISSING>M</MISSING><MIS_START>02/09/2023</MIS_START><MIS_END /></AMISSING>"
    "<OC2><SDQ_SCORE>12</SDQ_SCORE><CONVICTED>0</CONVICTED></OC2>"
    "<IN_TOUCH>YES</IN_TOUCH></HEADER>{episodes}</CHILD>"
)


def document(child: str = "CHILDID", place: str = "PL", root: str = "EXPSSDA903") -> bytes:
    episodes = EPISODE.format(place=place, dec="01/12/2023", rec="X1") + EPISODE.format(
        place=place, dec="", rec=""
    ).replace("05/06/2023", "01/12/2023").replace(">S<", ">P<")
    body = CHILD.format(child=child, episodes=episodes)
    return f"<?xml version='1.0'?><{root}>{body}</{root}>".encode()


@pytest.mark.parametrize(("child", "place"), [("CHILDID", "PL"), ("CHILD", "PLACE")])
def test_every_table_of_a_child(child: str, place: str) -> None:
    tables = read_xml_tables(document(child, place), "r.xml")
    assert set(tables) == {"header", "episodes", "uasc", "reviews", "missing", "oc2", "oc3"}
    assert all(set(frame["CHILD"]) == {"0007"} for frame in tables.values())
    episodes = tables["episodes"]
    assert episodes["PLACE"].tolist() == ["U4", "U4"]
    assert episodes["DEC"].tolist() == ["01/12/2023", ""]
    assert tables["header"].loc[0, ["DOB", "SEX", "ETHNIC"]].tolist() == ["01/02/2010", "2", "WBRI"]
    assert tables["uasc"].loc[0, "DUC"] == "01/02/2028"
    assert tables["missing"].loc[0, ["MISSING", "MIS_START"]].tolist() == ["M", "02/09/2023"]
    assert set(episodes["source_line"]) == {1}


@pytest.mark.parametrize("zipped", [False, True])
def test_a_folder_of_xml_is_read_like_one_of_csv(tmp_path: Path, zipped: bool) -> None:
    if zipped:
        with zipfile.ZipFile(tmp_path / "r.zip", "w") as archive:
            archive.writestr("2024/return.xml", document())
    else:
        (tmp_path / "return.xml").write_bytes(document())
    assert holds_returns(tmp_path)
    returns = read_returns(tmp_path, FindingLog())
    assert returns.years == (2024,)
    assert set(returns.sources["return_year"]) == {2024}
    assert returns.tables["episodes"]["RNE"].tolist() == ["S", "P"]
    assert returns.tables["header"]["CHILD"].tolist() == ["0007"]


def test_other_xml_is_left_alone_and_said_so(tmp_path: Path) -> None:
    (tmp_path / "return.xml").write_bytes(document())
    (tmp_path / "feed.xml").write_bytes(b"<feed><entry>1</entry></feed>")
    (tmp_path / "list.xml").write_bytes(b"<plist>cut")
    log = FindingLog()
    read_returns(tmp_path, log)
    assert log.frame()[["rule", "source_file"]].to_numpy().tolist() == [
        ["not_a_table", "feed.xml"], ["not_a_table", "list.xml"]
    ]


def test_other_xml_that_hides_what_it_is_is_refused(tmp_path: Path) -> None:
    (tmp_path / "return.xml").write_bytes(document())
    (tmp_path / "list.xml").write_bytes(b"<!DOCTYPE a [<!ENTITY b 'c'>]><plist>&b;</plist>")
    with pytest.raises(InputError, match="list.xml declares a document type or an entity"):
        read_returns(tmp_path, FindingLog())


@pytest.mark.parametrize("depth", [2, 20_000])
def test_a_child_within_a_child_is_refused_at_once(depth: int) -> None:
    """The inner one's episodes would be read as both children's, and each level as often again."""
    one = b"<HEADER><CHILDID>7</CHILDID></HEADER>"
    raw = b"<EXPSSDA903><CHILD>" + one + b"</CHILD>" + b"<CHILD>" * depth + one
    with pytest.raises(InputError, match="^r.xml, child number 2, .* holds another CHILD with"):
        read_xml_tables(raw + b"</CHILD>" * depth + b"</EXPSSDA903>", "r.xml")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><EXPSSDA903>&b;</EXPSSDA903>", "refused as unsafe"),
        (b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><EXPSSDA903/>", "refused as unsafe"),
        (document()[:-30], "is not whole XML"),
        (b"<EXPSSDA903></EXPSSDA903>", "holds no CHILD element"),
        (b"", "is not whole XML"),
        (b"\x00\xff\xfe", "is not whole XML"),
        (b"<?xml version='1.0' encoding='nonsense'?><a/>", "is not whole XML"),
    ],
)
def test_what_cannot_be_read_safely_is_refused_in_a_sentence(raw: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        read_xml_tables(raw, "r.xml")
    assert str(caught.value).startswith("r.xml ")


def test_the_published_example_return(shared_dir: Path) -> None:
    raw = (shared_dir / "peer_returns" / "validator" / "fake_903.xml").read_bytes()
    tables = read_xml_tables(raw, "fake_903.xml")
    assert tables["header"]["CHILD"].nunique() == 253
    assert len(tables["episodes"]) == 459
    assert len(tables["reviews"]) == 1206
    assert {name: len(frame) for name, frame in tables.items() if len(frame) < 20} == {
        "missing": 6, "uasc": 12, "oc3": 6, "ad1": 3, "placed_for_adoption": 3,
    }

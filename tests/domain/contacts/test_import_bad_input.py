"""Files as people send them: each trouble is told by line, field and mend, and the other rows come in."""

from pathlib import Path

import pytest

from textwell.accounts.models import Workspace
from textwell.contacts.imports import actions
from textwell.contacts.imports.applying import apply_import
from textwell.contacts.imports.consents import read_time
from textwell.contacts.imports.encodings import detect_encoding
from textwell.contacts.imports.judging import dry_run
from textwell.contacts.imports.reading import MAX_CELL, read_chunks
from textwell.contacts.models import Contact, ImportRow, ImportRun
from textwell.core.errors import FieldError

pytestmark = pytest.mark.django_db
VIETNAMESE = "Phone,Tên\n0912345678,Nguyễn Thị Hồng\n0912345679,Trần Đức Thắng\n"
CHINESE = "手机号,姓名\n13912345678,王小明\n13912345679,镕基李\n"
FRENCH = "Téléphone,Prénom\n0612345678,Zoé\n0612345679,François\n"


def start(workspace: Workspace, path: Path, data: bytes, region: str = "VN") -> ImportRun:
    path.write_bytes(data)
    return actions.start_import(
        workspace_id=workspace.id, path=path, filename=path.name, actor="user:1", region=region
    )


def imported(workspace: Workspace, path: Path, data: bytes, region: str = "VN") -> ImportRun:
    return apply_import(dry_run(start(workspace, path, data, region)))


def names(run: ImportRun) -> list[str]:
    people = Contact.objects.filter(import_run_id=run.id).order_by("msisdn")
    return list(people.values_list("first_name", flat=True))


def reasons(run: ImportRun) -> dict[int, str]:
    rows = ImportRow.objects.filter(import_run_id=run.id, verdict="invalid")
    return dict(rows.values_list("line", "reason"))


def cp1258(text: str) -> bytes:
    """As Windows writes it: the vowel, then the tone, each an octet of its own."""
    import unicodedata

    out = bytearray()
    for letter in text:
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            base, *tones = unicodedata.normalize("NFD", letter)
            marks = [m for m in tones if m in "\u0300\u0301\u0303\u0309\u0323"]
            others = [m for m in tones if m not in marks]
            out += unicodedata.normalize("NFC", base + "".join(others)).encode("cp1258")
            out += "".join(marks).encode("cp1258")
    return bytes(out)


@pytest.mark.parametrize(
    ("data", "region", "expected"),
    [
        pytest.param(VIETNAMESE.encode(), "VN", ["Nguyễn Thị Hồng", "Trần Đức Thắng"], id="utf-8"),
        pytest.param(
            VIETNAMESE.encode("utf-8-sig"), "VN", ["Nguyễn Thị Hồng", "Trần Đức Thắng"], id="BOM"
        ),
        pytest.param(
            VIETNAMESE.encode("utf-16"), "VN", ["Nguyễn Thị Hồng", "Trần Đức Thắng"], id="utf-16"
        ),
        pytest.param(
            VIETNAMESE.encode("utf-16-le"), "VN", ["Nguyễn Thị Hồng", "Trần Đức Thắng"],
            id="utf-16 without its mark",
        ),
        pytest.param(
            VIETNAMESE.encode("utf-16-be"), "VN", ["Nguyễn Thị Hồng", "Trần Đức Thắng"],
            id="utf-16 the other way without its mark",
        ),
        pytest.param(
            cp1258(VIETNAMESE), "VN", ["Nguyễn Thị Hồng", "Trần Đức Thắng"], id="windows-1258"
        ),
        pytest.param(CHINESE.encode("gb18030"), "CN", ["王小明", "镕基李"], id="gb18030"),
        pytest.param(
            "手機,姓名\n0912345678,王小明\n0922345678,陳大文\n".encode("big5"), "TW",
            ["王小明", "陳大文"], id="big5",
        ),
        pytest.param(
            "Phone,Name\n912345678,JOÃO CONCEIÇÃO\n912345679,SÃO LUÍS\n".encode("cp1252"), "PT",
            ["JOÃO CONCEIÇÃO", "SÃO LUÍS"], id="windows-1252 in capitals",
        ),
        pytest.param(FRENCH.encode("cp1252"), "FR", ["Zoé", "François"], id="windows-1252"),
        pytest.param(FRENCH.encode("latin-1"), "FR", ["Zoé", "François"], id="latin-1"),
    ],
)  # fmt: skip
def test_every_usual_encoding_is_read(
    workspace: Workspace, tmp_path: Path, data: bytes, region: str, expected: list[str]
) -> None:
    run = imported(workspace, tmp_path / "a.csv", data, region)

    assert names(run) == expected
    assert run.totals["invalid"] == 0


def test_a_letter_in_another_encoding_costs_its_row_only(
    workspace: Workspace, tmp_path: Path
) -> None:
    rows = [f"09123456{n:02d},Nguyễn {n}\n".encode() for n in range(50)]
    rows[20] = "0912345620,Zoé\n".encode("latin-1")
    run = imported(workspace, tmp_path / "a.csv", b"Phone,Name\n" + b"".join(rows))

    assert len(names(run)) == 49
    assert reasons(run) == {
        22: "first_name: holds a letter in another encoding; save the file as CSV (UTF-8)"
    }


def test_rows_with_too_many_or_too_few_cells_are_named(
    workspace: Workspace, tmp_path: Path
) -> None:
    data = b"Phone,Name\n0912345601,A\n0912345602\n0912345603,C,more\n0912345604,D\n"
    run = imported(workspace, tmp_path / "a.csv", data)

    assert names(run) == ["A", "D"]
    assert reasons(run) == {
        3: "has 1 cells where the header has 2; put the delimiters right",
        4: "has 3 cells where the header has 2; put the delimiters right",
    }


def test_a_quotation_mark_that_a_later_row_closes_costs_its_row_only(
    workspace: Workspace, tmp_path: Path
) -> None:
    data = b'Phone,Name\n0912345601,"A\n0912345602,"B"\n0912345603,C\n'
    run = imported(workspace, tmp_path / "a.csv", data)

    assert names(run) == ["B", "C"]
    assert list(reasons(run)) == [2]


@pytest.mark.parametrize("after", [1, 2_000])
def test_a_quotation_mark_that_is_not_closed_costs_its_row_only(
    workspace: Workspace, tmp_path: Path, after: int
) -> None:
    rows = "".join(f"+8491{n:07d},Person {n}\n" for n in range(after))
    data = 'Phone,Name\n0912345601,A\n0912345602,"B\n' + rows
    run = imported(workspace, tmp_path / "a.csv", data.encode())

    assert run.totals["new"] == after + 1
    assert reasons(run) == {3: "has a quotation mark that is not closed; close it or take it away"}
    assert list(actions.rejected_rows(run))[1].startswith("3,has a quotation mark")


def test_a_line_end_within_quotation_marks_is_part_of_the_cell(
    workspace: Workspace, tmp_path: Path
) -> None:
    data = b'Phone,Name\n0912345601,"A\nB"\n12,C\n'
    run = imported(workspace, tmp_path / "a.csv", data)

    assert names(run) == ["A\nB"]
    assert list(reasons(run)) == [4]


def test_nul_characters_cost_their_row_only(workspace: Workspace, tmp_path: Path) -> None:
    good = b"".join(b"09123457%02d,Person\n" % n for n in range(50))
    data = b"Phone,Name\n0912345601,A\x00B\n" + good
    run = imported(workspace, tmp_path / "a.csv", data)

    assert run.totals["new"] == 50
    assert reasons(run) == {2: "first_name: holds a NUL character; take it away"}


@pytest.mark.parametrize(
    ("row", "field"), [(b"0912345601,A\x00B", "first_name"), (b"09123\x0045601,A", "msisdn")]
)
def test_a_nul_character_in_a_small_file_does_not_make_it_utf_16(
    workspace: Workspace, tmp_path: Path, row: bytes, field: str
) -> None:
    run = imported(workspace, tmp_path / "a.csv", b"Phone,Name\n" + row + b"\n0912345602,Ana\n")

    assert names(run) == ["Ana"]
    assert [line for line in reasons(run) if reasons(run)[line].startswith(field)] == [2]


def test_a_file_of_mostly_chinese_in_utf_16_without_its_mark_is_read() -> None:
    text = (
        "手机,地址\n"
        + "13912345678,北京市海淀区中关村大街一号上地信息路甲二十八号科实大厦三层二零二室\n" * 9
    )

    found = [detect_encoding(text.encode(f"utf-16-{end}")) for end in ("le", "be")]

    assert found == ["utf-16-le", "utf-16-be"]


def test_a_cell_that_is_too_long_is_named(workspace: Workspace, tmp_path: Path) -> None:
    data = f"Phone,Name\n0912345601,{'x' * 81}\n0912345602,{'y' * (MAX_CELL + 1)}\n0912345603,C\n"
    run = imported(workspace, tmp_path / "a.csv", data.encode())

    assert names(run) == ["C"]
    assert reasons(run) == {
        2: "first_name: is longer than 80 characters; shorten it",
        3: f"holds a cell of more than {MAX_CELL} characters; shorten it",
    }


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"", "is empty", id="nothing"),
        pytest.param(b"\xef\xbb\xbf\r\n", "is empty", id="BOM only"),
        pytest.param(b"Phone,Name\n", "has a header and no row under it", id="header only"),
        pytest.param(b"0912345601,A\n0912345602,B\n", "has no header line", id="no header"),
        pytest.param(b"Phone,Name,Name\n1,2,3\n", "“Name” twice", id="doubled header"),
        pytest.param(b'"Phone,Name\n1,2\n' * 9_999, "not closed", id="quote in the header"),
        pytest.param(b'"sep=,\nPhone,Name\n1,2\n' * 9_999, "not closed", id="quote before sep"),
        pytest.param(b",,\n,,\n", "is empty", id="delimiters only"),
        pytest.param(b"Phone" + b",x" * 500 + b"\n1\n", "has 501 columns", id="many columns"),
        pytest.param(b",,\n0912345601,A,B\n", "has no header line", id="a header of nothing"),
        pytest.param(b"PK\x03\x04\x14 ab\n1\n", "is no text file", id="workbook"),
        pytest.param(b"%PDF-1.7\n1 0 obj\n", "is no text file", id="PDF"),
        pytest.param(b"\x00\x01\x02\x00\x03\x00\x00\x00", "is no text file", id="binary"),
        pytest.param(
            b"\x8fS:\x02,\x13\x06\n\xc5,\xbf\n", "is no text file", id="binary without NUL"
        ),
    ],
)
def test_a_file_that_cannot_be_used_says_why(
    workspace: Workspace, tmp_path: Path, data: bytes, words: str
) -> None:
    with pytest.raises(FieldError, match=words) as caught:
        start(workspace, tmp_path / "a.csv", data)

    assert (caught.value.field, bool(caught.value.mend)) == ("file", True)
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Phone,Name\r0912345601,A\r0912345602,B\r", id="CR"),
        pytest.param("Phone,Name\r\n0912345601,A\r\n0912345602,B", id="CR LF"),
        pytest.param("Phone;Name\n0912345601;A\n0912345602;B\n", id="semicolons"),
        pytest.param("Phone\tName\n0912345601\tA\n0912345602\tB\n", id="tabs"),
        pytest.param("sep=;\r\nPhone;Name\r\n0912345601;A\r\n0912345602;B\r\n", id="sep=;"),
        pytest.param('"sep=;"\nPhone;Name\n0912345601;A\n0912345602;B\n', id="sep=; in marks"),
        pytest.param("Phone,Name,,\n0912345601,A,,\n0912345602,B,,\n,,,\n", id="empty columns"),
        pytest.param("Phone,Name\n'0912345601,A\n'+84912345602,B\n", id="apostrophes"),
        pytest.param("Phone,Name\n0912345601,A,,\n0912345602,B,\n", id="empty cells at the right"),
        pytest.param("\n,,\nPhone,Name\n0912345601,A\n0912345602,B\n", id="empty lines first"),
        pytest.param("Phone,Name\n84912345601.0,A\n912345602.0,B\n", id="numbers as decimals"),
    ],
)
def test_every_usual_form_of_csv_is_read(workspace: Workspace, tmp_path: Path, text: str) -> None:
    run = imported(workspace, tmp_path / "a.csv", text.encode())

    found = Contact.objects.order_by("msisdn").values_list("msisdn", "first_name")
    assert list(found) == [("+84912345601", "A"), ("+84912345602", "B")]
    assert run.totals["invalid"] == 0


@pytest.mark.parametrize("number", ["8.49E+10", "8,49E+10", "8.49123e10", "'8.49E+10"])
def test_a_number_that_a_spreadsheet_rounded_is_refused_and_explained(
    workspace: Workspace, tmp_path: Path, number: str
) -> None:
    data = f'Phone,Name\n"{number}",A\n0912345602,B\n'
    run = imported(workspace, tmp_path / "a.csv", data.encode())

    assert names(run) == ["B"]
    assert reasons(run) == {
        2: f"msisdn: a spreadsheet made {number.removeprefix(chr(39))} of it and lost digits;"
        " export it as text"
    }


def test_bad_numbers_say_what_is_wrong(workspace: Workspace, tmp_path: Path) -> None:
    run = dry_run(start(workspace, tmp_path / "a.csv", b'Phone\n" "\nn/a\n+99912345678\n09123\n'))

    assert [words.partition(";")[0] for words in reasons(run).values()] == [
        "msisdn: is empty",
        "msisdn: is no telephone number",
        "msisdn: has an unknown country code",
        "msisdn: is too short",
    ]


def test_a_zone_or_a_language_that_does_not_exist_is_named(
    workspace: Workspace, tmp_path: Path
) -> None:
    data = (
        "Phone,Language,Timezone\n0912345601,vi,Asia/Ho_Chi_Minh\n0912345602,,\n"
        "0912345603,pt-BR,Asia/Saigon2\n0912345604,English,\n0912345605,vi_VN,Mars\n"
    )
    run = imported(workspace, tmp_path / "a.csv", data.encode())

    found = Contact.objects.filter(import_run_id=run.id).order_by("msisdn")
    assert list(found.values_list("language", "zone")) == [("vi", "Asia/Ho_Chi_Minh"), ("", "")]
    assert reasons(run) == {
        4: "zone: “Asia/Saigon2” is no time zone; Write an IANA name, such as Asia/Ho_Chi_Minh.",
        5: "language: “English” is no language; Write its code, such as vi or pt-BR.",
        6: "language: “vi_VN” is no language; Write its code, such as vi or pt-BR.",
    }


def test_a_region_that_is_no_country_is_refused_with_its_mend(
    workspace: Workspace, tmp_path: Path
) -> None:
    with pytest.raises(FieldError, match="UK is no country") as at_start:
        start(workspace, tmp_path / "a.csv", b"Phone\n0912345601\n", region="UK")
    run = start(workspace, tmp_path / "a.csv", b"Phone\n0912345601\n", region=" gb")
    with pytest.raises(FieldError, match="ZZ is no country") as at_change:
        actions.set_mapping(run=run, region="ZZ")

    assert (at_start.value.field, at_change.value.field) == ("region", "region")
    assert "such as VN" in at_start.value.mend
    assert list(ImportRun.objects.values_list("region", flat=True)) == ["GB"]


def test_many_bad_rows_are_held_a_chunk_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Phone,Name\n" + "n/a,Nobody\n0912345\n" * 10_000, encoding="utf-8")

    sizes = [
        (len(chunk), len(chunk.broken))
        for chunk in read_chunks(path, encoding="utf-8", delimiter=",", width=2, size=4_000)
    ]

    assert sizes == [(4_000, 2_000)] * 5


def test_a_tag_may_hold_what_postgresql_quotes(workspace: Workspace, tmp_path: Path) -> None:
    data = b'Phone,Tags\n0912345601,"a ""b"", c\\d, {x}"\n'
    imported(workspace, tmp_path / "a.csv", data)

    assert Contact.objects.get().tags == ['a "b"', "c\\d", "{x}"]


def test_a_time_without_zone_is_utc_and_nonsense_is_none() -> None:
    known = read_time("2026-01-02T10:00:00")

    assert known is not None
    assert known.isoformat() == "2026-01-02T10:00:00+00:00"
    assert read_time("yesterday") is None


def test_a_dry_run_needs_a_column_for_the_number(workspace: Workspace, tmp_path: Path) -> None:
    run = start(workspace, tmp_path / "a.csv", b"a,b\n1,2\n")

    with pytest.raises(FieldError, match="no column for the number"):
        dry_run(run)


@pytest.mark.parametrize("rest", [b"\x00\x00\x00", bytes(range(256)) * 20])
def test_binary_is_no_text(rest: bytes) -> None:
    with pytest.raises(FieldError):
        detect_encoding(b"\x89PNG\r\n\x1a\n" + rest)


# ---- planted duplicates -----------------------------------------------------------------------

# Mobifone's and Viettel's prefixes before 2018, as they are dialled now.
_OLD_PREFIX = {"70": "120", "79": "121", "32": "162", "33": "163", "81": "127"}


def spellings(national: str) -> list[str]:
    """How one person's number is written in four lists."""
    spaced = f"0{national[:2]} {national[2:5]} {national[5:7]} {national[7:]}"
    forms = [f"+84{national}", spaced, f"84{national}", f"(0{national[:2]}) {national[2:]}"]
    old = _OLD_PREFIX.get(national[:2])
    return [*forms, f"0{old}{national[2:]}", f"+84 {old} {national[2:]}"] if old else forms


def test_planted_duplicates_are_merged_and_nobody_else_is(
    workspace: Workspace, tmp_path: Path
) -> None:
    """A list of 5,000 rows, one in five of them somebody who is there already, spelled otherwise."""
    people = [
        f"{start}{(n * 618_033) % 9_999_991:07d}"
        for n, start in enumerate(["70", "79", "32", "33", "81", "90", "98", "56"] * 500)
    ]
    planted = [
        spellings(people[n])[n % len(spellings(people[n]))] for n in range(0, len(people), 4)
    ]
    rows = [f"0{national}" for national in people] + planted
    run = imported(workspace, tmp_path / "a.csv", ("Phone\n" + "\n".join(rows)).encode())

    stored = set(Contact.objects.values_list("msisdn", flat=True))
    assert stored == {f"+84{national}" for national in people}
    assert (len(rows), len(planted), run.totals["duplicate"]) == (5_000, 1_000, 1_000)
    assert (run.totals["new"], run.totals["invalid"]) == (4_000, 0)

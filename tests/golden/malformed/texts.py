"""Lists as text, written as programs and people write them and with what goes wrong on the way."""

from __future__ import annotations

from tests.golden.malformed.registry import SECRET, case
from triage.lists.read import Limits

NAMES = "Surname;Forename;Town\nMacAoidh;Mòrag;Steòrnabhagh\nO’Neill;Seán;Portree\n"
PLAIN = f"Surname,Forename,Age\n{SECRET},Anne,57\nBaird,Tom,41\n"


@case("list.csv")
def empty_file() -> bytes:
    return b""


@case("list.csv")
def only_empty_lines() -> bytes:
    return b"\n\r\n\n"


@case("list.csv")
def only_separators() -> bytes:
    return b",,,\n,,,\n"


@case("list.csv")
def header_only() -> bytes:
    return b"Surname,Forename,Age\n"


@case("list.csv")
def no_line_break_at_the_end() -> bytes:
    return b"Surname,Age\nBaird,41"


@case("list.csv")
def utf8_names() -> bytes:
    return "Name,Town\nŁukasz Żółć,Inbhir Nis\nОлена Шевченко,Steòrnabhagh\n".encode()


@case("list.csv")
def utf8_with_mark() -> bytes:
    return b"\xef\xbb\xbf" + PLAIN.encode()


@case("list.txt")
def utf16_from_excel() -> bytes:
    return b"\xff\xfe" + NAMES.replace(";", "\t").replace("\n", "\r\n").encode("utf-16-le")


@case("list.csv")
def utf16_big_endian() -> bytes:
    return b"\xfe\xff" + NAMES.encode("utf-16-be")


@case("list.csv")
def utf16_without_mark() -> bytes:
    return PLAIN.encode("utf-16-le")


@case("list.csv")
def utf16_cut_in_a_character() -> bytes:
    return b"\xff\xfe" + PLAIN.encode("utf-16-le") + b"\x00\xd8,\x00x\x00\n"


@case("list.csv")
def windows_1252() -> bytes:
    return NAMES.encode("cp1252")


@case("list.csv")
def iso_8859_1() -> bytes:
    return NAMES.replace("’", "'").encode("iso8859-1")


@case("list.csv")
def iso_8859_15() -> bytes:
    return "Name;Pay\nMòrag;€ 500\nŠimon;€ 450\n".encode("iso8859-15")


@case("list.csv")
def mac_roman_with_carriage_returns() -> bytes:
    return NAMES.replace("\n", "\r").encode("mac-roman")


@case("list.csv")
def two_encodings_mixed() -> bytes:
    return "Name,Town\nMòrag,Ìle\nSeán,Portree\n".encode() + "Siân,Ullapool\nAnne,Tain\n".encode("cp1252")


@case("list.csv")
def semicolons_and_decimal_commas() -> bytes:
    return b"Name;Hours;Rate\nBaird;37,5;11,20\nReid;20,0;10,90\n"


@case("list.csv")
def semicolons_with_commas_in_every_name() -> bytes:
    return b"Name;Dept;Age\nBaird, Tom;Press;41\nReid, Jo;Paint;38\n"


@case("list.csv")
def separator_named_on_the_first_line() -> bytes:
    return b"sep=;\r\nName;Age\r\nBaird, Tom;41\r\n"


@case("list.tsv")
def tabs() -> bytes:
    return PLAIN.replace(",", "\t").encode()


@case("list.csv")
def bars() -> bytes:
    return PLAIN.replace(",", "|").encode()


@case("list.csv")
def one_column() -> bytes:
    return b"Name\nBaird\nReid\n"


@case("list.csv")
def line_breaks_inside_cells() -> bytes:
    return b'Name,Comment,Age\r\nBaird,"has a van\r\nand a licence",41\r\nReid,,38\r\n'


@case("list.csv")
def line_breaks_of_three_kinds() -> bytes:
    return b"Name,Age\rBaird,41\r\nReid,38\nSmith,29\r"


@case("list.csv")
def empty_lines_between() -> bytes:
    return b"\n\nName,Age\n\nBaird,41\n\n\nReid,38\n\n\n"


@case("list.csv")
def short_rows() -> bytes:
    return b"Name,Age,Town\nBaird\nReid,38\nSmith,29,Wick\n"


@case("list.csv")
def long_rows() -> bytes:
    return b"Name,Age,Town\nBaird,41,Wick\nReid,38,Tain,late,left early\nSmith,29,Wick,,\nJones,50,Wick\n"


@case("list.csv")
def separators_at_every_end() -> bytes:
    return b"Name,Age,\nBaird,41,\nReid,38,\n"


@case("list.csv")
def empty_rows_at_the_end() -> bytes:
    return b"Name,Age\nBaird,41\n,\n,\n,\n\n"


@case("list.csv")
def nul_characters() -> bytes:
    return b"Name,Age\nBai\0rd,41\nReid,38\0\n"


@case("list.csv")
def cell_of_ten_thousand_characters() -> bytes:
    return b"Name,Comment\nBaird," + b"x" * 10_000 + b"\nReid,ok\n"


@case("list.csv")
def cell_of_a_million_characters() -> bytes:
    return f"Name,Comment\n{SECRET},".encode() + b"x" * 1_000_001 + b"\nReid,ok\n"


@case("list.csv")
def quoted_cell_of_a_million_characters() -> bytes:
    return f'Name,Comment\nBaird,"5" nails"\n{SECRET},'.encode() + b"x" * 1_000_001 + b"\n"


@case("list.csv")
def long_comment_at_the_top() -> bytes:
    """Longer than what is looked at to find the separator."""
    return b"PACE event;;\nName;Comment;Age\nBaird;" + b"x" * 300_000 + b";41\nReid;ok;38\n"


@case("list.csv", Limits(cell_characters=20))
def cell_longer_than_a_limit_of_ones_own() -> bytes:
    return f"Name,Comment\nBaird,short\n{SECRET},not quite as short as that\n".encode()


@case("list.csv")
def two_million_columns() -> bytes:
    return b"x" + b",x" * 1_999_999 + b"\n"


@case("list.csv")
def two_million_columns_below_a_heading() -> bytes:
    return b"Name,Age\n" + b"x," * 2_000_000 + b"\nBaird,41\n"


@case("list.csv")
def one_endless_line() -> bytes:
    return SECRET.encode() + b" x" * 9_000_000


@case("list.csv")
def quotation_mark_never_closed() -> bytes:
    return f'Name,Age\nBaird,41\n"{SECRET},38\nSmith,29\n'.encode()


@case("list.csv")
def quotation_mark_swallows_rows() -> bytes:
    return f'Name,Age\n"{SECRET},41\nReid,38\n"Smith,29\nJones,50\n'.encode()


@case("list.csv")
def quotation_marks_inside_cells() -> bytes:
    return b'Name,Comment\nBaird,fits 5" pipes\nJames "Jim" Reid,ok\n"Smith, Jo",fine\n'


@case("list.csv")
def text_that_looks_like_formulas() -> bytes:
    return b"Name,Phone\n=1+1,07700 900123\n@SUM(A1),+447700900124\n"


@case("list.csv")
def leading_zeros_and_long_numbers() -> bytes:
    return b"Clock,Phone\n00417,7.7E+09\n00052,07700900123\n"


@case("list.xlsx")
def text_named_xlsx() -> bytes:
    return PLAIN.encode()


@case("list.xls")
def tabs_named_xls() -> bytes:
    return PLAIN.replace(",", "\t").encode()

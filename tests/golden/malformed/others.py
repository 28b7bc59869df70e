"""What people hand over in place of a list, and files that cannot be opened."""

from __future__ import annotations

import gzip
import os
import random
from pathlib import Path

from tests.golden.malformed.containers import compound, zipped
from tests.golden.malformed.registry import SECRET, case, on_disk
from tests.golden.malformed.texts import PLAIN

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + bytes(range(200))


@on_disk("list.csv")
def missing_file(path: Path) -> None:
    """Nothing is put there."""


@on_disk("lists")
def folder(path: Path) -> None:
    path.mkdir()


@on_disk("list.csv")
def pipe(path: Path) -> None:
    os.mkfifo(path)


@on_disk("list.csv")
def five_gigabytes(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(5 * 1024**3)


@case("~$list.xlsx")
def lock_of_excel() -> bytes:
    return b"\x04user".ljust(165, b"\0")


@case("list.csv")
def picture_named_csv() -> bytes:
    return PNG


@case("list.jpg")
def photo() -> bytes:
    return b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(range(200))


@case("IMG_0417.HEIC")
def photo_of_a_phone() -> bytes:
    return b"\0\0\0\x18ftypheic" + bytes(200)


@case("list.csv")
def scan_as_tiff() -> bytes:
    return b"II*\0" + bytes(200)


@case("list.bmp")
def bitmap() -> bytes:
    return b"BM\x36\x00\x0c\x00\0\0\0\0" + bytes(200)


@case("list.webp")
def picture_of_the_web() -> bytes:
    return b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(range(200))


@case("list.pdf")
def pdf() -> bytes:
    return b"%PDF-1.7\n" + SECRET.encode()


@case("list.csv")
def noise_named_csv() -> bytes:
    return random.Random(7).randbytes(5_000)


@case("list.csv")
def gzip_named_csv() -> bytes:
    return gzip.compress(PLAIN.encode(), mtime=0)


@case("list.csv")
def archive_named_csv() -> bytes:
    return zipped({"list.csv": PLAIN})


@case("list.7z")
def seven_zip() -> bytes:
    return b"7z\xbc\xaf\x27\x1c" + bytes(100)


@case("list.xls")
def web_page_named_xls() -> bytes:
    return f"\n<HTML><body><table><tr><td>{SECRET}</td></tr></table>".encode()


@case("list.xls")
def xml_of_excel_2003() -> bytes:
    return b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook></Workbook>'


@case("list.rtf")
def rich_text() -> bytes:
    return b"{\\rtf1 " + SECRET.encode() + b"}"


@case("list.docx")
def word_document() -> bytes:
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": SECRET})


@case("list.pptx")
def powerpoint() -> bytes:
    return zipped({"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": SECRET})


@case("list.xlsb")
def binary_workbook() -> bytes:
    return zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": SECRET})


@case("list.ods")
def open_document() -> bytes:
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": SECRET})


@case("list.numbers")
def numbers_file() -> bytes:
    return zipped({"Index/Document.iwa": SECRET, "preview.jpg": "x"})


@case("list.xlsx")
def workbook_with_password() -> bytes:
    return compound({"EncryptionInfo": b"\4\0\4\0", "EncryptedPackage": random.Random(3).randbytes(6_000)})


@case("list.doc")
def old_word_document() -> bytes:
    return compound({"WordDocument": SECRET.encode()})


@case("list.msg")
def outlook_message() -> bytes:
    return compound({"__properties_version1.0": b"x", "__substg1.0_0037001F": SECRET.encode("utf-16-le")})


@case("list.xls")
def container_of_something_else() -> bytes:
    return compound({"Contents": SECRET.encode()})

"""PDF files built by hand: Vietnamese text by its code points, ruled lines, pictures."""

from __future__ import annotations

from collections.abc import Sequence

WIDTH, HEIGHT = 595, 842
_LEADING = 16


def pdf(pages: Sequence[str], *, encrypted: bool = False) -> bytes:
    """Return a PDF with these page contents; one that asks for a password when `encrypted`."""
    objects = [b"", b"", _font(), _descendant(), _unicode_map(), _picture()]
    kids = []
    for content in pages:
        stream = content.encode("ascii")
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R "
            b"/Resources << /Font << /F 3 0 R >> /XObject << /I 6 0 R >> >> >>"
            % (WIDTH, HEIGHT, len(objects))
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = b"<< /Type /Pages /Kids [%b] /Count %d >>" % (b" ".join(kids), len(kids))
    return _file(objects, _LOCK if encrypted else b"")


def text(lines: Sequence[str], *, top: int = 780, left: int = 60) -> str:
    """Return the content that shows `lines` one below the other, the first at height `top`."""
    shown = (
        f"BT /F 11 Tf {left} {top - _LEADING * row} Td <{_hex(line)}> Tj ET" for row, line in enumerate(lines)
    )
    return "\n".join(shown) + "\n"


def table(rows: Sequence[Sequence[str]], *, top: int, left: int = 60, width: int = 150) -> str:
    """Return the content that draws a ruled table with its upper left corner at `left`, `top`."""
    right, bottom = left + width * len(rows[0]), top - 20 * len(rows)
    lines = [f"{left} {top - 20 * row} m {right} {top - 20 * row} l S" for row in range(len(rows) + 1)]
    lines += [
        f"{left + width * at} {top} m {left + width * at} {bottom} l S" for at in range(len(rows[0]) + 1)
    ]
    cells = [
        text([cell], top=top - 20 * row - 14, left=left + width * column + 4)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if cell
    ]
    return "\n".join(lines + cells) + "\n"


def image() -> str:
    """Return the content that fills the page with a picture."""
    return f"q {WIDTH} 0 0 {HEIGHT} 0 0 cm /I Do Q\n"


_LOCK = b" /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%b> /U <%b> >> /ID [<00> <00>]" % (
    b"41" * 32,
    b"42" * 32,
)


def _hex(line: str) -> str:
    return line.encode("utf-16-be").hex()


def _font() -> bytes:
    return (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Sans /Encoding /Identity-H "
        b"/DescendantFonts [4 0 R] /ToUnicode 5 0 R >>"
    )


def _descendant() -> bytes:
    return (
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Sans /DW 500 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor << "
        b"/Type /FontDescriptor /FontName /Sans /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 "
        b"/Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >> >>"
    )


def _unicode_map() -> bytes:
    high = [
        f"{byte:02x}" for byte in (0x00, 0x01, 0x03, 0x1E, 0x20)
    ]  # Latin, accents, Vietnamese, punctuation
    ranges = "\n".join(f"<{byte}00> <{byte}ff> <{byte}00>" for byte in high)
    body = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(high)} beginbfrange\n{ranges}\nendbfrange endcmap end end"
    ).encode()
    return b"<< /Length %d >>\nstream\n%b\nendstream" % (len(body), body)


def _picture() -> bytes:
    return (
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray "
        b"/BitsPerComponent 8 /Length 1 >>\nstream\n\x80\nendstream"
    )


def _file(objects: Sequence[bytes], trailer: bytes) -> bytes:
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R%b >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        trailer,
        start,
    )
    return out

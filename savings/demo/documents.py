"""Small documents that prove the demonstration's entries: a PDF of one page, or a CSV. Same words, same bytes.

Each says on its face that it is invented, because a document is looked at without the page it was found on.
"""

import csv
import io

from savings import documents

INVENTED = "Invented for the demonstration of Banked. No real council is meant."
LINE_HEIGHT = 20  # points
A4 = b"[0 0 595 842]"  # points


def pdf(title, lines):
    """The bytes of a one-page A4 PDF 1.4 with `title` and `lines` in Helvetica; text must fit Windows-1252."""
    shown = [f"BT /F1 15 Tf 60 770 Td ({_escaped(title)}) Tj /F1 10 Tf"]
    shown += [f"0 {-LINE_HEIGHT} Td ({_escaped(line)}) Tj" for line in ["", *lines, "", INVENTED]]
    content = ("\n".join(shown) + "\nET").encode("cp1252")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>" % A4,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Title (%s) >>" % _escaped(title).encode("cp1252"),
    ]
    return _assembled(objects)


def _assembled(objects):
    """The file: header, numbered objects, the table of where each begins, and the trailer."""
    out, starts = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, start=1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % start for start in starts)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def _escaped(text):
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def csv_bytes(rows):
    """The bytes of a CSV of `rows`, the first of them the headings, with the notice as the last row."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([*rows, [INVENTED]])
    return out.getvalue().encode("utf-8")


def keep(body, *, name, title):
    """Store the bytes as an upload would be; returns the `StoredFile`."""
    return documents.store(io.BytesIO(body), name=name, title=title)

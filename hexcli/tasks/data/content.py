"""The bytes of a data file as a text in UTF-8, however it was packed or encoded."""

import codecs
import gzip
import io
import zlib

# The marks of encodings that spreadsheets and PowerShell write, the longer first.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
    codecs.BOM_UTF8: "utf-8",
}
_GZIP = b"\x1f\x8b"
LARGEST_DATA = 1 << 31  # bytes: what a file, or what is packed in it, may be before it fills the memory


def plain(content: bytes) -> bytes:
    """The content in UTF-8 without a mark: unpacked where it is gzip, recoded where a mark says UTF-16 or UTF-32.

    Raises ValueError where it is damaged.
    """
    if content.startswith(_GZIP):
        try:
            content = gzip.GzipFile(fileobj=io.BytesIO(content)).read(LARGEST_DATA + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise ValueError(f"it is damaged gzip ({error})") from None
        if len(content) > LARGEST_DATA:
            raise ValueError(f"unpacked it is larger than {LARGEST_DATA >> 30} GiB: split it")
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            try:
                return content.removeprefix(mark).decode(encoding).encode()
            except UnicodeError as error:
                raise ValueError(f"it is damaged {encoding} ({error})") from None
    return content

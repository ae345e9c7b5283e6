"""Getting files in: by paste, CSV and workbook, on a page, from the shell and by the API, all through one path.

`files` turns bytes into rows of text (in a process of its own, by `apart`); `columns` says which columns a kind of
upload has and finds them in a header; `cells` reads each column; `checking` holds the rows against the ledger and
gives each an outcome; `applying` writes them. Nothing before `applying` writes to the ledger.
"""

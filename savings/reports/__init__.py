"""The evidence report: one partnership's figures with everything they rest on, as a tagged PDF and as rows.

`build` is the job. It takes a `snapshot`, reads everything in it (`content`, with `entries`, `exclusions`, `gaps`),
checks that it adds up (`controls`), puts it into words (`wording`), draws the `chart`, has it typeset (`typesetting`,
by the templates in `typst/`) and keeps the files. Nothing in here is asked of the clock: the same snapshot gives the
same bytes.
"""

"""Attacks that must fail, written as somebody would try them. `SECURITY` numbers name the abuse case."""

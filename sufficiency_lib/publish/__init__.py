"""Publishing: the disclosure gate, tables, charts, the page, the appendix and the files."""

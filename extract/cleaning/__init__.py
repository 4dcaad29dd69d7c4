"""Pages and files to articles: decoding, body, fields, dates, boilerplate, tables, reports."""

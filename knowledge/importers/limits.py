"""How much one reading takes in; more is refused before it costs memory or time."""

# All of it unpacked. 100,000 rows with 800 bytes of text each were 85 MB of CSV; reading takes
# five to seven times the size in memory.
MAX_BYTES = 256 * 2**20
# Eleven kinds of files, cut by field or by university, stay far below.
MAX_FILES = 500
# Of all files together: twice the largest knowledge base that is foreseen.
MAX_ROWS = 200_000
# The widest kind has 18 columns; the rest is room for columns that are to be ignored.
MAX_COLUMNS = 100
# What Excel itself can hold; a damaged or hostile workbook claims more.
MAX_SHEET_ROWS = 1_048_576

"""What reading one file may cost."""

# A question is matched by its first words: more pages would only dilute it.
MOST_PAGES = 10
MOST_CHARACTERS = 1_500
MOST_BYTES = 10 * 2**20
# Of a DOCX: what its parts may unpack to, and how many there may be.
MOST_UNPACKED = 60 * 2**20
MOST_PARTS = 2_000
# Of the process that reads it.
MOST_MEMORY = 2**30
CPU_SECONDS = 10
PATIENCE_SECONDS = 15.0
AT_ONCE = 2

"""What one reading may still take in."""

from knowledge.importers.limits import MAX_BYTES, MAX_FILES
from knowledge.importers.problems import MendableError


class Budget:
    """Counts bytes, unpacked, and files; raises MendableError before a limit is passed."""

    def __init__(self) -> None:
        self.bytes_left = MAX_BYTES
        self.files_left = MAX_FILES

    def take(self, size: int) -> None:
        if size > self.bytes_left:
            limit = MAX_BYTES // 2**20
            raise MendableError(
                f"展开后超过 {limit} MB：请拆成几次发送，并删去表格中的图片和多余内容。",
                f"unpacked it passes {limit} MB: send it in parts, without pictures and the like.",
            )
        self.bytes_left -= size

    def take_files(self, number: int) -> None:
        if number > self.files_left:
            raise MendableError(
                f"文件超过 {MAX_FILES} 个：请合并或分几次发送。",
                f"there are more than {MAX_FILES} files: join them or send them in parts.",
            )
        self.files_left -= number

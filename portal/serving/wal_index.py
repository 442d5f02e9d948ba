"""Whether a SQLite database in WAL mode has had a commit, told by memory that all its processes share.

SQLite keeps an index of its log in ``…-shm``. It begins with two copies of a header that each commit, checkpoint that
starts the log anew, and recovery rewrites before it ends (https://sqlite.org/walformat.html#the_wal_index_header): a
count of changes, the length of the log, its salts and checksums. While the header is the same, so is the content, and
nothing need be asked. Comparing it takes a tenth of a microsecond, and no other thread runs meanwhile, where a query
gives them all their turn: at 64 connections that was a third of a server's time.

SQLite's locks are those of POSIX on this very file, and a process loses all of them when it closes *any* descriptor of
it. So a descriptor that is opened here stays open until the process ends.
"""

import mmap
import os

HEADERS = 96  # bytes: two copies of 48
SHM = "-shm"
#: What must outlive everything: see above. A few at most, one for each file that was ever the database.
_open_until_the_end: list[tuple[int, mmap.mmap]] = []


class WalIndex:
    """The header of one database. Whoever makes it holds a connection that has read, so that SQLite neither removes
    nor shortens the file. Raises OSError or ValueError where there is no such file, as in other modes than WAL.
    """

    def __init__(self, path: str) -> None:
        descriptor = os.open(path + SHM, os.O_RDONLY)
        stat = os.fstat(descriptor)
        self._memory = mmap.mmap(descriptor, HEADERS, access=mmap.ACCESS_READ)  # with a descriptor of its own
        _open_until_the_end.append((descriptor, self._memory))
        self.file = stat.st_dev, stat.st_ino

    def header(self) -> bytes:
        return self._memory[:HEADERS]

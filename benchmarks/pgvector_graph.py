"""What links, breadth and view of pgvector's graph buy: recall, time of a question, build.

    python -m benchmarks.pgvector_graph ROWS LINKS/BREADTH,... DIR [DIR ...]

The vectors and questions are those of benchmarks.scale; the truth is comparing every row.
"""

import sys
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import psycopg
from psycopg import Connection

from benchmarks.pgvector import comparing, own_server, step, synthetic
from benchmarks.scale import DEPTH, mixture, real_vectors, recall
from retrieval.crowding import met, uncrowded
from retrieval.postgres.shelf import PostgresShelf
from retrieval.postgres.tables import vector_table
from retrieval.rows import Rows

Floats = npt.NDArray[np.float32]
QUESTIONS, VIEWS = 200, (200, 400, 800)
TABLE = vector_table(1)


def main(rows: int, graphs: list[str], folders: list[Path]) -> None:
    real, questions = real_vectors(folders)
    laid = uncrowded(mixture(real, rows))
    asked = questions[:QUESTIONS]
    best = comparing(laid, asked, None)
    facts = {"model": "m", "dimension": real.shape[1], "entries": rows, "passages": rows}
    with own_server() as (url, home):
        shelf = PostgresShelf(url, home / "worker")
        step("published", lambda: shelf.publish(synthetic(laid), facts))
        shelf.close()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET enable_sort = off; SET jit = off")
            connection.execute("SET maintenance_work_mem = '1GB'")
            connection.execute("DROP INDEX IF EXISTS retrieval.vector_000001_vector_idx")
            sweep(connection, "comparing all", asked, best)
            for graph in graphs:
                measured(connection, graph, asked, best)


def measured(connection: Connection, graph: str, asked: Floats, best: list[Rows]) -> None:
    links, breadth = (int(number) for number in graph.split("/"))
    made = (
        f"CREATE INDEX tried ON {TABLE} USING hnsw (vector halfvec_ip_ops)"
        f" WITH (m = {links}, ef_construction = {breadth})"
    )
    step(graph, lambda: connection.execute(made.encode()))
    for view in VIEWS:
        connection.execute(f"SET hnsw.ef_search = {view}".encode())
        sweep(connection, f"{graph}, {view} in view", asked, best)
    connection.execute("DROP INDEX retrieval.tried")


def sweep(connection: Connection, name: str, asked: Floats, best: list[Rows]) -> None:
    query = f"SELECT row FROM {TABLE} ORDER BY vector <#> %s::halfvec LIMIT {DEPTH}"
    found, times = [], []
    for question in asked:
        began = time.perf_counter()
        answer = connection.execute(query.encode(), [str(met(question).tolist())]).fetchall()
        times.append(1000 * (time.perf_counter() - began))
        found.append(np.array([row for (row,) in answer]))
    p50, p99 = np.quantile(times, (0.5, 0.99))
    print(f"| {name} | {recall(best, found):.3f} | {p50:.1f} / {p99:.1f} ms |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2].split(","), [Path(name) for name in sys.argv[3:]])

"""Cells whose functions run elsewhere: gobraid cluster with its workers, and a kernel."""

import signal
import subprocess

import pytest


@pytest.fixture
def cluster(gobraid):
    """The URL of a cluster of two workers. It has to end by itself, with all it has started."""
    command = [gobraid, "cluster", "--listen", "127.0.0.1:0", "--workers", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        url, joined = None, 0
        for line in process.stdout:
            if line.startswith("in a cell:"):
                url = line.split('"')[1]
            joined += " joined " in line
            if url and joined == 2:
                break
        else:
            pytest.fail("gobraid cluster has ended")
        yield url
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()  # the workers write there, too: it ends with the last of them
        assert process.wait(timeout=120) == 0
        assert rest.count("has left") == 2, rest


CELL = """import (
	"context"
	"os"
)

func square(_ context.Context, n int) (int, error) { return n * n, nil }

func away(_ context.Context, here int) (bool, error) { return os.Getpid() != here, nil }
"""


PROGRESS = """var last concurrency.Progress
watched := concurrency.WithProgress(context.Background(), func(p concurrency.Progress) { last = p })

func steps(ctx context.Context, n int) (int, error) {
	for i := range n {
		concurrency.Report(ctx, i+1, n, "step")
	}
	return n, nil
}
"""


@pytest.mark.parametrize("engine", ["compiled", "yaegi"])
def test_cells_on_a_cluster(kernel, cluster, engine):
    kernel.run(f"%engine {engine}").ok()
    kernel.run(CELL).ok()
    connect = f'pool, err := cluster.Connect(context.Background(), "{cluster}")\nerr'
    assert kernel.run(connect).ok().result in (None, "nil")
    kernel.run("pool.Ready(context.Background())").ok()
    assert kernel.run("concurrency.Map(context.Background(), pool, []int{1, 2, 3}, square)").ok().result.startswith("[]int{1, 4, 9}, nil")
    kept = kernel.run("concurrency.SubmitWith(context.Background(), pool.Idempotent(3), away, os.Getpid()).Result(context.Background())")
    assert kept.ok().result.startswith("true")
    shown = kernel.run("%cluster").ok().contents("display_data")[0]["data"]["text/plain"]
    assert "1 machine, 2 at a time" in shown and "local-1" in shown and "local-2" in shown, shown
    assert cluster.split("@")[0].split("//")[1] not in shown, "the token"
    kernel.run("factor := 7").ok()
    scaled = "func(_ context.Context, n int) (int, error) { return n * concurrency.Copy(factor), nil }"
    copied = kernel.run(f"concurrency.SubmitWith(context.Background(), pool, {scaled}, 6).Result(context.Background())")
    assert copied.ok().result.startswith("42"), copied.result
    kernel.run(PROGRESS).ok()
    heard = kernel.run('concurrency.SubmitWith(watched, pool, steps, 50).Result(context.Background())\nlast.String()')
    assert heard.ok().result.strip('"') == "50 of 50: step", heard.result
    kernel.run("pool.Shutdown(context.Background())").ok()
    assert "no pool of a cluster" in kernel.run("%cluster").contents("display_data")[0]["data"]["text/plain"]

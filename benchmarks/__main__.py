"""``python -m benchmarks``: every benchmark, one after another."""

from benchmarks import geography, metrics

if __name__ == "__main__":
    geography.main()
    metrics.main()

"""``python -m benchmarks``: every benchmark, one after another."""

from benchmarks.geography import main

if __name__ == "__main__":
    main()

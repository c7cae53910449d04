"""``python -m sufficiency_lib``: the command line."""

from sufficiency_lib.cli import main

if __name__ == "__main__":
    main(prog_name="python -m sufficiency_lib")

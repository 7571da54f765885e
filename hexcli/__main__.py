"""`python -m hexcli` is `hex`."""

from hexcli.cli.main import main

if __name__ == "__main__":
    main()

"""`python -m hexcli` is `hex`."""

from hexcli.cli.starting import main

if __name__ == "__main__":
    main()

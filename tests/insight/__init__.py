"""Tests of hexcli.insight."""

"""Tests of hexcli.report.page."""

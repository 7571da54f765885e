"""What `import hexcli` offers: the functions behind the commands, for scripts and notebooks."""

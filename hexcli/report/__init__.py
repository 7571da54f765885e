"""Everything that formats for people: tables and progress; nothing is computed or read here."""

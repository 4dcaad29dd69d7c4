"""Numbers to quantities: what is none, and value, kind, unit, bound and change of what is one."""

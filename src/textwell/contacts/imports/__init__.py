"""People from a file: read, guess the mapping, judge every row, apply, undo.

reading   pure: encoding, delimiter, header, mapping, one row to values
sql       named statements: judge, apply, undo
actions   start, map, dry run, apply, undo, the rejected rows
"""

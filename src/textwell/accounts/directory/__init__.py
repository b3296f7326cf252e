"""Who may use a workspace by the word of a company's directory (SCIM): people, groups, tokens.

A directory acts as an administrator: it gives every role but the owner's, which an owner must have
chosen for a group. It changes an account itself only where it made it and nobody else has it.
"""

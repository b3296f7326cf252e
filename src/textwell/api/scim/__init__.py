"""SCIM 2.0 (RFC 7643, RFC 7644) below /scim/v2: a company's directory says who may be here.

Models, filters and PATCH are scim2-models', with the tolerance that Okta and Entra need. What it
means to be provisioned is `accounts.directory`'s.
"""

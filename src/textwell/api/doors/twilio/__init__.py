"""Twilio's Messages resource, version 2010-04-01, as its client libraries call it.

Source: Twilio, "Messages resource" and "Error and warning dictionary".
"""

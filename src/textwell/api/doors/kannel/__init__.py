"""Kannel's sendsms: a text by the parameters of an address, for one number or several.

Source: Kannel user guide, "Using HTTP interface to send SMS messages" and "Delivery Reports".
"""

"""Segment's HTTP tracking API: identify, track, page, screen, group, alias, and batches of them.

It lies below /segment/v1, since /v1 alone would say nothing of whose; libraries take a host with a
path. Source: Segment, "HTTP Tracking API source" and "Spec: Common Fields".
"""

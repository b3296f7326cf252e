"""Textwell: self-hosted SMS marketing for people who asked to hear from you."""

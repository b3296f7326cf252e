"""A demo workspace in which a campaign is really being sent: people, consent, a gateway, a campaign."""

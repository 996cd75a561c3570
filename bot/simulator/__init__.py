"""A Bot API server on loopback and the people who talk to it: Xiaoqi without a Telegram token."""

"""The sound of a conversation: two files written by Asterisk become one sealed file and one row."""

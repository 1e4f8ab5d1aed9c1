"""Makes the files of Fixtures/ and says what is in them. Shares no code with Starlane, so it can hold it to account."""

/** The limit of an upload, inclusive, counted after base64. */
export const MAX_SESSION_BYTES = 10 * 1024 * 1024

/** Without its full stop, as the messages of this package are. The documents say the way out in the same words (`x-too-large-hint`). */
export const TOO_LARGE =
  'File too large (max 10 MB). What makes a session file large is its list of people and chats, which is read anew. Empty that in a copy, ' +
  'sqlite3 copy.session "DELETE FROM entities; VACUUM" (peers, where Pyrogram wrote it), and upload the copy; or paste a session string'

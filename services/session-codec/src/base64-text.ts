const LETTERS = /^[A-Za-z0-9+/_-]+={0,2}$/

/** Whether a text is base64 in either alphabet, padded or not. */
export function isBase64Text(text: string): boolean {
  return LETTERS.test(text)
}

/**
 * Decodes either alphabet; the padding may be missing, since a double click leaves it behind. null for a length that
 * base64 never has, and for bits at the end that decode to nothing: a letter is missing or was changed.
 */
export function decodeBase64Text(text: string): Buffer | null {
  const letters = text.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_')
  const bytes = Buffer.from(letters, 'base64url')
  return bytes.toString('base64url') === letters ? bytes : null
}

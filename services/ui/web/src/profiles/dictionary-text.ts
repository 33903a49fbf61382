/** A line a group, with commas between its words. */
export function textOf(groups: readonly (readonly string[])[]): string {
  return groups.map((words) => words.join(', ')).join('\n')
}

/** Groups of at least two words, each word once. */
export function groupsOf(text: string): string[][] {
  const lines = text.split('\n').map((line) => line.split(/[,;、，]/).map((word) => word.trim()))
  return lines.map((words) => [...new Set(words.filter(Boolean))]).filter((words) => words.length > 1)
}

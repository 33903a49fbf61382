/** One measured figure beside what it should reach; `better` says in which direction. */
export interface Figure {
  name: string
  value: number
  unit: string
  target?: number
  better: 'higher' | 'lower'
}

export function figure(name: string, value: number, unit: string, better: 'higher' | 'lower', target?: number): Figure {
  return { name, value: round(value), unit, better, ...(target === undefined ? {} : { target }) }
}

export function reaches({ value, target, better }: Figure): boolean | null {
  if (target === undefined) return null
  return better === 'higher' ? value >= target : value <= target
}

export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((entry) => {
    const verdict = { true: 'reached', false: 'short', null: '' }[String(reaches(entry)) as 'true' | 'false' | 'null']
    return [entry.name, `${entry.value} ${entry.unit}`, entry.target === undefined ? '' : String(entry.target), verdict]
  })
  const all = [['what', 'measured', 'to reach', ''], ...rows]
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  return all.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n')
}

/** The value below which `share` (0 to 1) of the sorted values lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}

function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3))
}

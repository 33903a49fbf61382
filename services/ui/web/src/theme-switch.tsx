import { useState } from 'preact/hooks'
import { chooseTheme, storedTheme, type Theme } from './theme'

const THEMES: [Theme, string][] = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
]

export function ThemeSwitch() {
  const [theme, setTheme] = useState(storedTheme)
  const choose = (value: string) => {
    setTheme(value as Theme)
    chooseTheme(value as Theme)
  }
  return (
    <label class="theme-switch">
      <span>Appearance</span>
      <select value={theme} onChange={(event) => choose(event.currentTarget.value)}>
        {THEMES.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  )
}

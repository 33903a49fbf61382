// Draws the icons that are no vectors from services/ui/web/public/icon.svg, by a Chromium from PATH. Their files are in the repository: run it where the drawing changes.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const folder = fileURLToPath(new URL('../services/ui/web/public/', import.meta.url))
const [ground, ...bell] = readFileSync(`${folder}icon.svg`, 'utf8').match(/<(rect|path)[^>]*>/g)
const whole = ground.replace(/ rx="\d+"/, '')
// What is outside of a circle of four fifths may be cut off (w3.org/TR/appmanifest, icon masks).
const inSafeZone = `<g transform="translate(16 16) scale(0.8) translate(-16 -16)">${bell.join('')}</g>`

const ICONS = {
  'icon-192': [192, ground + bell.join('')],
  'icon-512': [512, ground + bell.join('')],
  'maskable-192': [192, whole + inSafeZone],
  'maskable-512': [512, whole + inSafeZone],
  'apple-touch-icon': [180, whole + inSafeZone],
  // Of this one only the shape counts (Android's status bar).
  'badge-96': [96, `<g transform="translate(16 16) scale(1.5) translate(-16 -16)">${bell.join('')}</g>`],
}

const executablePath = spawnSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).stdout.trim()
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
for (const [name, [size, shapes]] of Object.entries(ICONS)) {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="${size}" height="${size}" style="display:block">${shapes}</svg>`
  await page.setContent(`<body style="margin:0">${svg}</body>`)
  await page.screenshot({ path: `${folder}${name}.png`, omitBackground: true })
}
await browser.close()

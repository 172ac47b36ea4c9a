// Opens a report as people do, wide and on a phone, light and dark: it must load nothing, say nothing to the console, and never scroll sideways.
// usage: node .ci/look-at-report.mjs REPORT.html FOLDER-FOR-PICTURES
import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'

const [report = '', pictures = '.'] = process.argv.slice(2)
const problems = []

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
for (const width of [1280, 390])
  for (const colorScheme of ['light', 'dark']) {
    const name = `${width}-${colorScheme}`
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
    const address = pathToFileURL(resolve(report)).href
    page.on('request', (request) => {
      if (request.url() !== address && !request.url().startsWith('data:')) problems.push(`${name}: asks for ${request.url()}`)
    })
    page.on('console', (message) => problems.push(`${name}: says ${message.text()}`))
    page.on('pageerror', (error) => problems.push(`${name}: fails with ${error.message}`))
    await page.goto(address)
    // In strings: this runs in the page, not here.
    const wide = await page.evaluate('document.documentElement.scrollWidth')
    if (wide > width) problems.push(`${name}: is ${wide} pixels wide`)
    const broken = await page.evaluate('[...document.images].filter((image) => image.naturalWidth === 0).length')
    if (broken > 0) problems.push(`${name}: ${broken} pictures do not show`)
    const sections = await page.evaluate('document.querySelectorAll("section").length')
    if (sections < 5) problems.push(`${name}: has only ${sections} sections`)
    const picture = join(pictures, `report-${name}.png`)
    await page.screenshot({ path: picture, fullPage: true })
    if (statSync(picture).size < 20_000) problems.push(`${name}: looks empty`)
    process.stdout.write(`${picture}\n`)
    await page.close()
  }
await browser.close()

for (const problem of problems) process.stderr.write(`${problem}\n`)
process.exitCode = problems.length === 0 ? 0 : 1

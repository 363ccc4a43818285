/** Where the window opens, and what it remembers. */
import { writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { nodeFiles } from '../../../src/main/platform/node-files'
import { dataFolders } from '../../../src/main/shell/data-folder'
import { openingBounds, SMALLEST, USUAL } from '../../../src/main/shell/window-bounds'
import { recallWindow, rememberWindow } from '../../../src/main/shell/window-memory'
import { tempFolder } from '../../kit/temp-folder'

const screen = { x: 0, y: 0, width: 1920, height: 1040 }
const right = { x: 1920, y: 0, width: 1280, height: 1024 }

describe('the window opens', () => {
  test('where it was', () => {
    const stood = { x: 100, y: 80, width: 1000, height: 700 }
    expect(openingBounds(stood, [screen])).toEqual(stood)
    const onTheRight = { ...stood, x: 2000 }
    expect(openingBounds(onTheRight, [screen, right])).toEqual(onTheRight)
  })

  test('centred, in its size, when its screen is gone', () => {
    expect(openingBounds({ x: 2000, y: 80, width: 1000, height: 700 }, [screen])).toEqual({
      width: 1000,
      height: 700
    })
    expect(openingBounds({ x: 100, y: -900, width: 1000, height: 700 }, [screen])).toEqual({
      width: 1000,
      height: 700
    })
  })

  test('centred, when shrinking would move it off the screen it overlapped', () => {
    expect(openingBounds({ x: -1920, y: 0, width: 2040, height: 700 }, [screen])).toEqual({
      width: 1920,
      height: 700
    })
  })

  test.each([
    null,
    undefined,
    'far away',
    { x: 0, y: 0, width: -5, height: 700 },
    { x: 0.5, y: 0, width: 800, height: 700 },
    { x: 0, y: 0, width: 800, height: 600, z: 1 },
    { x: NaN, y: 0, width: 800, height: 600 }
  ])('in its usual size when the remembered bounds are invalid: %j', (remembered) => {
    expect(openingBounds(remembered, [screen])).toEqual(USUAL)
  })

  test('always large enough to use, never larger than the screen, its title bar within reach', () => {
    const number = fc.integer({ min: -5_000, max: 5_000 })
    const bounds = fc.record({ x: number, y: number, width: number, height: number })
    fc.assert(
      fc.property(bounds, (remembered) => {
        const opened = openingBounds(remembered, [screen, right])
        expect(opened.width).toBeGreaterThanOrEqual(SMALLEST.width)
        expect(opened.height).toBeGreaterThanOrEqual(SMALLEST.height)
        expect(opened.height).toBeLessThanOrEqual(screen.height)
        const { x, y } = opened
        if (x === undefined || y === undefined) return
        const within = [screen, right].some(
          (area) =>
            x < area.x + area.width && x + opened.width > area.x && y >= area.y && y < area.y + area.height
        )
        expect(within).toBe(true)
      })
    )
  })
})

describe('the window remembers', () => {
  test('its bounds, whether it was maximised, and the theme', async () => {
    const folder = join(tempFolder(), 'not-there-yet')
    const facts = { bounds: { x: 1, y: 2, width: 800, height: 600 }, maximised: true, theme: 'dark' as const }
    await rememberWindow(nodeFiles, folder, facts)
    expect(recallWindow(folder)).toEqual(facts)
  })

  test.each(['', 'null', '[]', '{"maximised":"yes","theme":"purple"}', '{"bounds":'])(
    'nothing from a damaged memory: %s',
    (text) => {
      const folder = tempFolder()
      writeFileSync(join(folder, 'window.json'), text)
      expect(recallWindow(folder)).toEqual({ bounds: null, maximised: false, theme: 'system' })
    }
  )

  test('nothing on the first start', () => {
    expect(recallWindow(tempFolder()).maximised).toBe(false)
  })
})

describe('the data folder', () => {
  const machine = { platform: 'linux' as const, home: '/home/ada', env: {} }
  test('is the one of the command line, so that both use one ledger', () => {
    expect(dataFolders('', machine)).toEqual({
      dataDir: '/home/ada/.local/share/sheaf',
      browserDir: '/home/ada/.local/share/sheaf/browser'
    })
  })
  test('is the one given', () => {
    expect(dataFolders('/tmp/here', machine)).toMatchObject({ dataDir: '/tmp/here' })
  })
})

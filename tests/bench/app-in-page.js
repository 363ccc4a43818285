/**
 * The bench's half inside the page: watches for long tasks, and scrolls as a hand with a wheel would,
 * frame by frame. Evaluated as text; `window.bench` is what `app.ts` then calls.
 */
window.bench = {
  tasks: [],
  watch() {
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) this.tasks.push(entry.duration)
    }).observe({ type: 'longtask' })
  },
  /** A screen a frame first, then in leaps to the last row, and in larger ones back. */
  async scroll() {
    const grid = document.querySelector('[role=grid]')
    const frame = () => new Promise((next) => requestAnimationFrame(next))
    for (let nth = 0; nth < 200; nth += 1) {
      grid.scrollTop += grid.clientHeight
      await frame()
    }
    const leap = Math.max(1, grid.scrollHeight / 400)
    while (grid.scrollTop + grid.clientHeight < grid.scrollHeight - 2) {
      grid.scrollTop += leap
      await frame()
    }
    while (grid.scrollTop > 0) {
      grid.scrollTop -= leap * 2
      await frame()
    }
  },
  /** Holds what waits back, plans these and begins. */
  async stream(text) {
    await window.sheaf.jobs.pause({ query: { group: 'waiting' } })
    const { value } = await window.sheaf.plan.read({ text })
    await window.sheaf.plan.commit({ previewId: value.previewId })
    await window.sheaf.run.start({})
  }
}

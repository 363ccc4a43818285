/** Fetches a range through the page's own scheme inside a worker. */
self.onmessage = async () => {
  const answer = await fetch('/bytes', { headers: { Range: 'bytes=10-19' } })
  self.postMessage([...new Uint8Array(await answer.arrayBuffer())])
}

/** Images as their original bytes. */
'use strict'
const fs = require('node:fs')

class NativeImage {
  #bytes
  /** @param {Buffer} [bytes] */
  constructor(bytes = Buffer.alloc(0)) {
    this.#bytes = bytes
  }
  toPNG() {
    return this.#bytes
  }
  toDataURL() {
    return `data:image/png;base64,${this.#bytes.toString('base64')}`
  }
  isEmpty() {
    return this.#bytes.length === 0
  }
  getSize() {
    // Width and height have the same position in every PNG.
    if (this.#bytes.length < 24) return { width: 0, height: 0 }
    return { width: this.#bytes.readUInt32BE(16), height: this.#bytes.readUInt32BE(20) }
  }
  resize() {
    return this
  }
  addRepresentation() {}
  setTemplateImage() {}
}

const nativeImage = {
  createEmpty: () => new NativeImage(),
  /** @param {string} path */
  createFromPath: (path) => new NativeImage(fs.existsSync(path) ? fs.readFileSync(path) : undefined),
  /** @param {Buffer} bytes */
  createFromBuffer: (bytes) => new NativeImage(bytes),
  /** @param {string} url */
  createFromDataURL: (url) => new NativeImage(Buffer.from(url.split(',')[1] ?? '', 'base64'))
}
module.exports = { NativeImage, nativeImage }

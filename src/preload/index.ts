/**
 * The one bridge between the page and main. It runs sandboxed, so it may import nothing of ours but
 * plain values; what it exposes is listed here and cannot grow by itself.
 */
import { contextBridge } from 'electron'
import { version } from '../../package.json'

contextBridge.exposeInMainWorld('sheaf', { version })

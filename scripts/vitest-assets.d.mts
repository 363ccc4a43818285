import type { Plugin } from 'vite'
export function electronViteAssets(): Plugin

import type { Plugin } from 'vite'
export function childModule(): Plugin

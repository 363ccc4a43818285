import type { Plugin } from 'vite'
/** Ships the files that pdf.js fetches while it reads, under `pdfjs/`. */
export declare function pdfjsFiles(): Plugin

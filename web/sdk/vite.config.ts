/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// One file for a script tag, beside the pages, so that the server embeds and serves it: /sdk/mingjian-sdk.js
export default defineConfig({
  publicDir: here('./public'),
  build: {
    target: ['chrome80', 'safari14'],
    outDir: here('../app/dist/sdk'),
    emptyOutDir: true,
    lib: {
      entry: here('./src/index.ts'),
      name: 'Mingjian',
      formats: ['iife'],
      fileName: () => 'mingjian-sdk.js',
    },
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
})

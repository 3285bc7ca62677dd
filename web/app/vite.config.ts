/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url'
import { VantResolver } from '@vant/auto-import-resolver'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig, type Plugin } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The pages by the address under which the server hands them out. */
const pages: [RegExp, string][] = [
  [/^\/s\/[^/]+$/, '/customer.html'],
  [/^\/m\/[^/]+$/, '/meeting.html'],
  [/^\/watch\/[^/]+$/, '/watch.html'],
  [/^\/desk\/?$/, '/desk.html'],
  [/^\/review\/?$/, '/review.html'],
  [/^\/admin\/?$/, '/admin.html'],
  [/^\/api\/docs\/?$/, '/docs.html'],
  [/^\/video\/main\/?$/, '/video.html'],
]

/** Lets `npm run dev` answer the product's addresses as the server does. */
function addresses(): Plugin {
  return {
    name: 'mingjian-addresses',
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        const path = (request.url ?? '').replace(/\?.*$/, '')
        const page = pages.find(([address]) => address.test(path))
        if (page) request.url = page[1]
        next()
      })
    },
  }
}

const backend = process.env.MINGJIAN_BACKEND ?? 'http://127.0.0.1:8080'

export default defineConfig({
  base: '/',
  plugins: [
    addresses(),
    vue(),
    Components({
      // Types come from the libraries' own declarations (tsconfig `types`), so no generated file goes stale.
      dts: false,
      dirs: [],
      resolvers: [ElementPlusResolver({ importStyle: 'css' }), VantResolver()],
    }),
  ],
  resolve: { alias: { '@': here('./src') } },
  build: {
    target: ['chrome80', 'safari14'],
    cssTarget: ['chrome80', 'safari14'],
    // An inlined file would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        customer: here('./customer.html'),
        desk: here('./desk.html'),
        review: here('./review.html'),
        admin: here('./admin.html'),
        docs: here('./docs.html'),
        meeting: here('./meeting.html'),
        watch: here('./watch.html'),
        video: here('./video.html'),
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      // The server accepts writes and WebSockets only from its own origin.
      '/live': { target: backend, changeOrigin: true },
      '/video/': { target: backend, changeOrigin: true, headers: { origin: backend } },
      '/api': { target: backend, changeOrigin: true, ws: true, headers: { origin: backend } },
    },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    server: { deps: { inline: ['element-plus', 'vant'] } },
  },
})

import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

/** Builds the browser UI into dist/web; nothing is inlined, for the content security policy is 'self'. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('../../dist/web', import.meta.url)),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // Apart from the pages, so that a browser keeps them over a release of Atelier.
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
            // Only what every page needs; the rest is loaded with the pages that need it.
            { name: 'libraries', test: /node_modules\//, tags: ['$initial'] },
          ],
        },
      },
    },
  },
})

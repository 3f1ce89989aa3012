import { defineConfig } from 'vite';

export default defineConfig({
  // Relative: the page is served below whatever path the service proxy has.
  base: './',
  build: {
    outDir: 'dist/app',
    emptyOutDir: true,
    target: 'es2023',
    // Inline data would be refused by the page's own policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});

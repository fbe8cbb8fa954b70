import glsl from "vite-plugin-glsl";
import { defineConfig } from "vitest/config";

export default defineConfig({
  // Relative, so that the built lab runs from any folder of a static host.
  base: "./",
  plugins: [
    glsl({
      include: ["**/*.wgsl"],
      root: "/shaders",
      warnDuplicatedImports: false,
      removeDuplicatedImports: true,
    }),
  ],
  worker: { format: "es" },
  build: { target: "es2022", chunkSizeWarningLimit: 1200 },
  test: {
    include: ["test/**/*.test.ts"],
    // A GPU adapter and a browser are heavy; two cores serve one of them at a time.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin, PluginOption } from "vite";
import glsl from "vite-plugin-glsl";
import { viteSingleFile } from "vite-plugin-singlefile";
import { defineConfig } from "vitest/config";
import { assembly } from "./scripts/assembly.ts";
import { security } from "./scripts/security.ts";

export default defineConfig(({ mode }) => ({
  // Relative, so that the built lab runs from any folder of a static host.
  base: "./",
  plugins: [
    shaders(),
    assembly(),
    mode === "single" ? oneFile("perturbation-lab.html") : installable(),
    security(mode === "single"),
  ],
  // One classic script: the worker starts from a Blob (page/hire.ts), which can import nothing beside it.
  worker: { format: "iife", plugins: () => [shaders(), assembly()] },
  build: {
    target: "es2022",
    chunkSizeWarningLimit: 1200,
    outDir: mode === "single" ? "dist-single" : "dist",
  },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/support/sharing.ts",
    // A GPU adapter and a browser are heavy; two cores serve one of them at a time.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
}));

/** Kernels, with what they include; compare mode's worker has them too. */
const shaders = () =>
  glsl({
    include: ["**/*.wgsl"],
    root: "/shaders",
    warnDuplicatedImports: false,
    removeDuplicatedImports: true,
  });

/** `vite build --mode single`: the whole lab as one HTML file that asks nobody for anything. */
function oneFile(outputFileName: string): PluginOption {
  let icon = "";
  return [
    viteSingleFile({ outputFileName }),
    {
      name: "lab:one-file",
      // What is in public/ would lie beside the file.
      config: () => ({ build: { copyPublicDir: false } }),
      configResolved({ publicDir }) {
        const svg = readFileSync(join(publicDir, "favicon.svg"), "utf8");
        icon = `data:image/svg+xml,${encodeURIComponent(svg.replace(/\s*\n\s*/g, ""))}`;
      },
      transformIndexHtml: {
        order: "pre",
        handler(html) {
          const within = html.replace('href="./favicon.svg"', `href="${icon}"`);
          if (within === html) throw new Error("index.html does not name ./favicon.svg");
          return within;
        },
      },
    },
  ];
}

/**
 * Makes what is built installable: a manifest, icons, and a service worker that keeps all files.
 *
 * The lab is a dozen files that never change once built, so a list of them and scripts/serviceWorker.js
 * are enough; the usual plugin with workbox would double the packages that `npm ci` fetches.
 */
function installable(): Plugin {
  const register = "register-service-worker.js";
  const injectTo = "head";
  let isWanted = false;
  return {
    name: "lab:installable",
    apply: "build",
    configResolved({ publicDir }) {
      // The pages that tests build have none.
      isWanted = existsSync(join(publicDir, "manifest.webmanifest"));
    },
    transformIndexHtml: {
      order: "post",
      handler() {
        if (!isWanted) return [];
        return [
          { tag: "meta", attrs: { name: "theme-color", content: "#14171c" }, injectTo },
          { tag: "link", attrs: { rel: "manifest", href: "./manifest.webmanifest" }, injectTo },
          { tag: "link", attrs: { rel: "apple-touch-icon", href: "./icons/home.png" }, injectTo },
          { tag: "script", attrs: { src: `./${register}`, defer: true }, injectTo },
        ];
      },
    },
    generateBundle() {
      if (!isWanted) return;
      const source = readFileSync(new URL("./scripts/registerServiceWorker.js", import.meta.url), "utf8");
      this.emitFile({ type: "asset", fileName: register, source });
    },
    // On disk everything is together, the files of public/ too.
    writeBundle({ dir }) {
      if (!isWanted || !dir) return;
      const files = readdirSync(dir, { recursive: true, encoding: "utf8" })
        .map((file) => file.replaceAll("\\", "/"))
        .filter((file) => file !== "service-worker.js" && statSync(join(dir, file)).isFile())
        .sort();
      const worker = readFileSync(new URL("./scripts/serviceWorker.js", import.meta.url), "utf8");
      const hash = createHash("sha256").update(worker);
      for (const file of files) hash.update(`${file}\n`).update(readFileSync(join(dir, file)));
      // Hosts may redirect index.html to its folder, and no browser opens a page from a stored redirect.
      const kept = files.map((file) => (file === "index.html" ? "./" : file));
      const head = [
        `const version = ${JSON.stringify(hash.digest("hex").slice(0, 16))};`,
        `const files = ${JSON.stringify(kept)};`,
      ];
      writeFileSync(join(dir, "service-worker.js"), `${head.join("\n")}\n${worker}`);
    },
  };
}

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

type Directives = Readonly<Record<string, string>>;

/** What holds for every build: what is not named is forbidden. */
const common: Directives = {
  "default-src": "'none'",
  "base-uri": "'none'",
  "form-action": "'none'",
  // Text becomes neither markup nor a script, but for a worker's address (src/page/trustedTypes.ts).
  "require-trusted-types-for": "'script'",
};

// 'wasm-unsafe-eval' lets WebAssembly be compiled, for the CPU engine; JavaScript's eval stays forbidden.
// Workers start from blobs also where they could be files: a worker's file has the policy of its own headers, which a
// static host does not send, while a worker from a blob inherits the page's. Foreign files are read in workers.
// img-src data: and blob: are for pictures that are saved, font-src data: for lil-gui's signs. No style needs
// 'unsafe-inline': scripts set styles by property.

/** Beside its files, on a host. 'self' among the workers is for the service worker. */
const hosted: Directives = {
  ...common,
  "script-src": "'self' 'wasm-unsafe-eval'",
  "style-src": "'self'",
  "font-src": "'self' data:",
  "img-src": "'self' data: blob:",
  "connect-src": "'self'",
  "manifest-src": "'self'",
  "worker-src": "'self' blob:",
  "trusted-types": "default offline",
};

/** All in one file, from anywhere: its own script and style by their hashes, and no connection at all. */
const alone = (scripts: string, styles: string): Directives => ({
  ...common,
  "script-src": `${scripts} 'wasm-unsafe-eval'`,
  "style-src": styles,
  "font-src": "data:",
  "img-src": "data: blob:",
  "worker-src": "blob:",
  "trusted-types": "default",
});

/**
 * Gives the built lab its Content-Security-Policy, before anything that it rules over: in the page itself, as static
 * hosts send no headers. Who may frame the page cannot be said there, and embedding it is wanted.
 *
 * Errors   Error where the page has no place for it, or a script or style that is written into a page of many files.
 */
export function security(single: boolean): Plugin {
  let isWanted = false;
  return {
    name: "lab:security",
    apply: "build",
    enforce: "post",
    configResolved({ publicDir }) {
      // The pages that tests build have none, and need what this forbids.
      isWanted = existsSync(join(publicDir, "manifest.webmanifest"));
    },
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        if (!isWanted) return;
        for (const file of Object.values(bundle))
          if (file.type === "asset" && file.fileName.endsWith(".html"))
            file.source = withPolicy(String(file.source), single);
      },
    },
  };
}

function withPolicy(html: string, single: boolean): string {
  const scripts = inlined(html, "script");
  const styles = inlined(html, "style");
  if (single !== scripts.length > 0 || single !== styles.length > 0)
    throw new Error(`the page has ${scripts.length} scripts and ${styles.length} styles written into it`);
  const policy = single ? alone(hashes(scripts), hashes(styles)) : hosted;
  const text = Object.entries(policy).map(([name, value]) => `${name} ${value}`);
  // The encoding is first: browsers look for it no further than 1,024 bytes.
  const encoding = '<meta charset="utf-8" />';
  const [before, after, ...more] = html.split(encoding);
  if (after === undefined || more.length > 0) throw new Error(`the page has no ${encoding}, or several`);
  const meta = `<meta http-equiv="Content-Security-Policy" content="${text.join("; ")}" />`;
  return `${before}${encoding}\n    ${meta}${after}`;
}

/** What is between the tags, of scripts and styles without an address. */
const inlined = (html: string, tag: "script" | "style"): string[] =>
  [...html.matchAll(new RegExp(`<${tag}(?![^>]* src=)[^>]*>(.*?)</${tag}>`, "gs"))].map(([, text]) => text);

const hashes = (texts: readonly string[]): string =>
  texts.map((text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`).join(" ");

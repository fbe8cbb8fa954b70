import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, readFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
import { extract } from "tar-fs";

// @sparticuz/chromium brings a browser, SwiftShader and a Vulkan loader as compressed files. Its own
// unpacker writes into the shared temporary folder, where parallel processes meet half-written files;
// this one unpacks aside and renames, once per installed version.

const packageFolder = join(dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium")), "../..");
const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as {
  version: string;
};

/**
 * Unpacks archives of @sparticuz/chromium's bin folder, once; the folder that holds their files.
 * `finish` may add to it before others see it.
 */
export function unpackChromium(
  name: string,
  archives: readonly string[],
  finish?: (folder: string) => Promise<void>,
): Promise<string> {
  return unpackOnce(`${name}-${version}`, async (folder) => {
    await Promise.all(archives.map((archive) => unpackArchive(join(packageFolder, "bin", archive), folder)));
    await finish?.(folder);
  });
}

/**
 * Fills a folder once, however many processes ask for it at the same time.
 * It lies in node_modules/.cache, so that a new installation starts afresh, or in the
 * user's own cache where node_modules cannot be written.
 */
export async function unpackOnce(
  name: string,
  fill: (folder: string) => Promise<unknown>,
  caches: readonly string[] = [
    join(packageFolder, "../../.cache/perturbation-lab"),
    join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "perturbation-lab"),
  ],
): Promise<string> {
  const ready = caches.map((cache) => join(cache, name)).find((folder) => existsSync(folder));
  if (ready) return ready;
  const aside = await makeFirst(caches.map((cache) => join(cache, `${name}.${randomUUID()}`)));
  const folder = join(dirname(aside), name);
  try {
    await fill(aside);
    await rename(aside, folder);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    // Where another process was first, its folder is as good.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** Makes the first of these folders that can be made. */
async function makeFirst(folders: readonly string[]): Promise<string> {
  const reasons: unknown[] = [];
  for (const folder of folders) {
    try {
      await mkdir(folder, { recursive: true });
      return folder;
    } catch (error) {
      reasons.push(error);
    }
  }
  throw reasons[0];
}

async function unpackArchive(archive: string, folder: string): Promise<void> {
  const target = archive.endsWith(".tar.br")
    ? extract(folder)
    : createWriteStream(join(folder, basename(archive, ".br")), { mode: 0o755 });
  await pipeline(createReadStream(archive), createBrotliDecompress(), target);
}

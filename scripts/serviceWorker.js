// The built lab's service worker: keeps all of its files, and answers from them, with a network or
// without. vite.config.ts writes `version` and `files` above this line.
/* global version, files */

const home = self.registration.scope;
// A host's caches are common to all of its folders, and another lab may lie in another one.
const mine = `perturbation-lab ${home} `;
const known = new Set(files.map((file) => new URL(file, home).href));

// A new version waits until the last window of the old one is closed: a lecture never changes under way.
self.addEventListener("install", (event) => {
  // Asked of the host, not of the browser's own cache, which may hold the page of another version.
  const requests = [...known].map((url) => new Request(url, { cache: "no-cache" }));
  event.waitUntil(caches.open(mine + version).then((cache) => cache.addAll(requests)));
});

self.addEventListener("activate", (event) => {
  const dropOld = (names) =>
    Promise.all(
      names
        .filter((name) => name.startsWith(mine) && name !== mine + version)
        .map((name) => caches.delete(name)),
    );
  event.waitUntil(caches.keys().then(dropOld));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const address = origin + pathname;
  const url = address === `${home}index.html` ? home : address;
  if (request.method === "GET" && known.has(url)) event.respondWith(answer(url, request));
});

async function answer(url, request) {
  const cache = await caches.open(mine + version);
  // Hosts that vary their answers by Origin or encoding sent the one that suits this browser.
  return (await cache.match(url, { ignoreVary: true })) ?? fetch(request);
}

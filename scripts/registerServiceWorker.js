// Beside the built page, a file of its own: the page's policy allows no script within it. Where browsers allow no
// service worker, the lab is the same, only not offline.
const address = "./service-worker.js";
// An address becomes a script only through a policy (Trusted Types); this one knows no other.
const policy = self.trustedTypes?.createPolicy("offline", { createScriptURL: () => address });

addEventListener("load", async () => {
  try {
    await navigator.serviceWorker?.register(policy?.createScriptURL("") ?? address);
  } catch {}
});

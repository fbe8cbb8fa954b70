// The built page lets no text become a script (Trusted Types; policy in scripts/security.ts). Workers alone are
// started from one, a Blob of the page's own: whatever starts workers imports this first. Browsers without Trusted
// Types need none of it.

interface PolicyFactory {
  createPolicy(name: "default", rules: { createScriptURL(url: string): string | null }): unknown;
}

const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };

// null refuses. Only scripts of this origin can make such an address, and the policy lets it be a worker's alone.
trustedTypes?.createPolicy("default", {
  createScriptURL: (url) => (url.startsWith(`blob:${globalThis.origin}/`) ? url : null),
});

// A thread of the CPU engine. It holds instances of the WebAssembly module, one for each share of a run, and does with
// them what it is told, step by step; it knows nothing of trials. Its script travels as text (threads.ts), so that the
// same one serves a page's worker and a thread of Node.

const port = globalThis.postMessage ? globalThis : require("node:worker_threads").parentPort;
const instances = new Map();
const tileTargets = 32;

// The last instance is kept for the next run: a new one takes longer than many a small run.
const idle = [];
const mostIdleBytes = 2 ** 26;

const does = {
  /** An instance of the module, which is always the same one. */
  open(share, module) {
    const instance = idle.pop() ?? new WebAssembly.Instance(module, { env: { abort() {} } }).exports;
    instance.begin();
    instances.set(share, instance);
  },
  close(share) {
    const instance = instances.get(share);
    instances.delete(share);
    if (idle.length === 0 && instance?.memory.buffer.byteLength <= mostIdleBytes) idle.push(instance);
  },
  /** Room for an array, and what is in it at first; its address goes to the global of that name. */
  array(share, name, bytes, contents) {
    const module = instances.get(share);
    const at = module.reserve(bytes) >>> 0;
    module[name].value = at;
    if (contents) new Uint8Array(module.memory.buffer).set(contents, at);
  },
  /** Sets globals by their names. */
  set(share, values) {
    const module = instances.get(share);
    for (const [name, value] of Object.entries(values)) module[name].value = value;
  },
  call(share, name, ...given) {
    instances.get(share)[name](...given);
  },
  /** Copies of so many rows of float64 that the kernel untile writes, tile by tile, from one tile on. */
  rows(share, tile, rows, sources) {
    const module = instances.get(share);
    const copy = new Float64Array(rows * sources);
    for (let row = 0; row < rows; row += tileTargets) {
      module.untile(tile + row / tileTargets);
      const here = Math.min(tileTargets, rows - row) * sources;
      copy.set(new Float64Array(module.memory.buffer, module.rows.value >>> 0, here), row * sources);
    }
    return copy.buffer;
  },
  /** A copy of an array's bytes. */
  read(share, name, bytes) {
    const module = instances.get(share);
    const at = module[name].value >>> 0;
    return module.memory.buffer.slice(at, at + bytes);
  },
};

function obey({ id, share, steps }) {
  try {
    if (steps[0][0] !== "open" && !instances.has(share)) throw new Error("the run was released");
    const copies = [];
    for (const [what, ...given] of steps) {
      const copy = does[what](share, ...given);
      if (copy) copies.push(copy);
    }
    port.postMessage({ id, copies }, copies);
  } catch (error) {
    port.postMessage({ id, problem: String(error?.message ?? error) });
  }
}

if (port.on) port.on("message", obey);
else port.onmessage = ({ data }) => obey(data);

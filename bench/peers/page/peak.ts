import { openDevice } from "../../../src/engine/gpu/device";

/** How fast this adapter multiplies and adds floats where nothing else is in the way. */
export interface Peak {
  /** The quickest of its forms. */
  readonly about: string;
  /** Billion multiply-adds a second. */
  readonly rate: number;
}

/** Chains that do not wait for each other, and how often each goes on within a turn of the loop. */
const chains = 8;
const links = 16;
const invocations = 64 * 1024;

/** Which way is quickest differs: a software adapter may have no fused operation. */
const forms = {
  fma: (x: string) => `fma(${x}, a, b)`,
  "x · a + b": (x: string) => `${x} * a + b`,
};

/** Long enough for the start of the work not to count. */
const leastTime = 50;

function codeOf(form: (x: string) => string): string {
  const each = (line: (chain: number) => string) => Array.from({ length: chains }, (_, chain) => line(chain));
  return `
    @group(0) @binding(0) var<storage, read_write> values: array<f32>;
    @group(0) @binding(1) var<uniform> turns: vec4u;
    @compute @workgroup_size(64)
    fn peak(@builtin(global_invocation_id) id: vec3u) {
      let a = values[0];
      let b = values[1];
      ${each((chain) => `var x${chain} = f32(id.x + ${chain}u);`).join("\n")}
      for (var turn = 0u; turn < turns.x; turn++) {
        ${Array.from({ length: links }, () => each((chain) => `x${chain} = ${form(`x${chain}`)};`).join("\n")).join("\n")}
      }
      values[2u + id.x] = ${each((chain) => `x${chain}`).join(" + ")};
    }`;
}

const rounds = 5;

/** The shortest run counts: what disturbs only takes longer. */
export async function measurePeak(): Promise<Peak> {
  const { device } = await openDevice(navigator.gpu);
  const usage = GPUBufferUsage.COPY_DST;
  const values = device.createBuffer({ size: 4 * (invocations + 2), usage: usage | GPUBufferUsage.STORAGE });
  const turns = device.createBuffer({ size: 16, usage: usage | GPUBufferUsage.UNIFORM });
  device.queue.writeBuffer(values, 0, new Float32Array([0.999, 0.001]));
  const open = async (name: keyof typeof forms) => {
    const module = device.createShaderModule({ code: codeOf(forms[name]) });
    const pipeline = await device.createComputePipelineAsync({ layout: "auto", compute: { module } });
    const layout = pipeline.getBindGroupLayout(0);
    const entries = [values, turns].map((buffer, binding) => ({ binding, resource: { buffer } }));
    const group = device.createBindGroup({ layout, entries });
    return async (count: number) => {
      device.queue.writeBuffer(turns, 0, new Uint32Array([count, 0, 0, 0]));
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(invocations / 64);
      pass.end();
      const start = performance.now();
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
      return performance.now() - start;
    };
  };
  let best: Peak = { about: "", rate: 0 };
  const names = Object.keys(forms) as (keyof typeof forms)[];
  const found = await Promise.all(names.map(async (about) => ({ about, run: await open(about), turns: 1 })));
  for (const form of found) {
    await form.run(1);
    while ((await form.run(form.turns)) < leastTime) form.turns *= 2;
  }
  for (let round = 0; round < rounds; round++)
    for (const { about, run, turns } of found) {
      const rate = (invocations * chains * links * turns) / (await run(turns)) / 1e6;
      if (rate > best.rate) best = { about, rate };
    }
  device.destroy();
  return best;
}

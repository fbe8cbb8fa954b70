import { request as ask, createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface RecordingProxy {
  readonly url: string;
  /** Every address that was asked for, in order; of an encrypted or a socket's connection, host and port alone. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/**
 * A proxy that writes down whatever a browser asks of anybody: its pages, their workers and workers of these, and
 * service workers. It fetches from 127.0.0.1; for every other host it answers itself, a script that any page may read
 * and that leaves its mark in `globalThis.foreign`.
 */
export async function startRecordingProxy(): Promise<RecordingProxy> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const address = request.url ?? "";
    asked.push(address);
    if (new URL(address).hostname !== "127.0.0.1") {
      const headers = { "content-type": "text/javascript", "access-control-allow-origin": "*" };
      response.writeHead(200, headers).end("globalThis.foreign = true;");
      return;
    }
    const passed = ask(address, { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on("error", () => response.writeHead(502).end());
    request.pipe(passed);
  });
  server.on("connect", ({ url }, socket) => {
    asked.push(url ?? "");
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

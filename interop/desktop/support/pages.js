// A web server for pages of other origins.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** Serves a folder until the trial ends. Returns two origins for it: one with the IP address, one with the host name. */
export async function serve(stage, folder) {
  const server = createServer((request, response) => answer(folder, request, response));
  server.listen(0);
  await once(server, "listening");
  stage.later(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address();
  const origins = { address: `http://127.0.0.1:${port}`, name: `http://localhost:${port}` };
  stage.origins.push(...Object.values(origins));
  return origins;
}

async function answer(folder, request, response) {
  const { pathname } = new URL(request.url, "http://page.example");
  const file = join(folder, normalize(pathname));
  try {
    const body = await readFile(file);
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}

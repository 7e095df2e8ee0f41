/**
 * A thread of its own for one look at one file (recognized-file.ts): whatever the file does to it, requests go on, and it
 * is ended when it takes too long. It has no environment, hence no secret.
 */
import { parentPort } from 'node:worker_threads';
import { z } from 'zod';
import { recognize } from './kind.ts';

const bytesSchema = z.instanceof(Uint8Array);

parentPort?.on('message', (message: unknown) => {
  const bytes = bytesSchema.parse(message);
  void recognize(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).then((found) =>
    parentPort?.postMessage(found),
  );
});
parentPort?.postMessage('ready');

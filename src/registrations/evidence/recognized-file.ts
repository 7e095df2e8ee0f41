import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { BrokerError } from '../../errors/errors.ts';
import { evidenceMediaTypes, namedAs } from './kind.ts';
import type { EvidenceMediaType, Recognition } from './kind.ts';
import { evidenceLimits } from './limits.ts';
import { evidenceRefusals, flaw, refusalCodes } from './refusal.ts';

/** Of one look, once the thread is there: an honest file of 10 MB takes a tenth of a second. */
const lookMs = 2_000;
/** For the thread to be there. */
const readyMs = 30_000;
/** A file of 10 MB is held three times over. */
const memoryMb = 192;

const saidSchema = z.union([
  z.literal('ready'),
  z.object({ kind: z.literal('accepted'), mediaType: z.enum(evidenceMediaTypes) }),
  z.object({ kind: z.literal('refused'), because: z.enum(evidenceRefusals), detail: z.string() }),
]);

export interface RecognizedFile {
  /** Ends with an extension of what the file is. */
  readonly name: string;
  readonly mediaType: EvidenceMediaType;
  readonly bytes: Buffer;
}

/** @throws BrokerError M-FILE-008, 009, 020…024 when the file is no piece of evidence */
export async function recognizedFile(file: {
  readonly name: string;
  readonly bytes: Buffer;
}): Promise<RecognizedFile> {
  const found = await lookBeside(file.bytes);
  if (found.kind === 'refused')
    throw new BrokerError(refusalCodes[found.because], {
      detail: `evidence ${withoutName(file)}: ${found.detail}`,
    });
  return { name: namedAs(file.name, found.mediaType), mediaType: found.mediaType, bytes: file.bytes };
}

/** For the log, which names no person: « statuts de Mme Dupont.pdf » would. */
function withoutName({ name, bytes }: { readonly name: string; readonly bytes: Buffer }): string {
  const extension = /\.[0-9A-Za-z]{1,5}$/u.exec(name)?.[0] ?? 'without extension';
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return `${extension}, ${bytes.length} bytes, SHA-256 ${digest}…`;
}

/**
 * Looks in a thread of its own, so that no file, however it is made, holds up a request; one that takes longer than
 * `limitMs`, or more memory than any document should, cannot be read.
 */
export function lookBeside(bytes: Buffer, limitMs = lookMs): Promise<Recognition> {
  if (bytes.length > evidenceLimits.pieceBytes)
    return Promise.resolve({ kind: 'refused', ...flaw('too_large', `${bytes.length} bytes`) });
  const worker = new Worker(new URL('look.worker.ts', import.meta.url), {
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  return new Promise<Recognition>((resolve, reject) => {
    const tooMuch = (detail: string): void => resolve({ kind: 'refused', ...flaw('damaged', detail) });
    let timer = setTimeout(() => reject(new Error('no thread to look at a file')), readyMs);
    worker.on('message', (message: unknown) => {
      clearTimeout(timer);
      const said = saidSchema.safeParse(message);
      if (!said.success) {
        reject(said.error);
        return;
      }
      if (said.data !== 'ready') {
        resolve(said.data);
        return;
      }
      timer = setTimeout(() => tooMuch(`not read within ${limitMs} ms`), limitMs);
      worker.postMessage(bytes);
    });
    worker.on('error', (error: unknown) => {
      if (isOutOfMemory(error)) tooMuch('not read within the memory');
      else reject(error instanceof Error ? error : new Error(String(error)));
    });
    worker.on('exit', () => {
      clearTimeout(timer);
      reject(new Error('the thread ended without an answer'));
    });
  }).finally(() => void worker.terminate());
}

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';

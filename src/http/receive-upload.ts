import type { IncomingMessage, ServerResponse } from 'node:http';
import { Busboy } from '@fastify/busboy';
import type { BusboyFileStream, BusboyInstance } from '@fastify/busboy';
import { BrokerError } from '../errors/errors.ts';
import { plainFileName } from './upload-name.ts';

export interface UploadedFile {
  /** Name of the field of the form. */
  readonly field: string;
  /** A plain base name (upload-name.ts). */
  readonly name: string;
  readonly bytes: Buffer;
}

export interface Upload {
  /** In the order of the form, repeated names included. */
  readonly fields: URLSearchParams;
  /** Files that were chosen: an empty field of the form is none. An empty file is one. */
  readonly files: readonly UploadedFile[];
}

export interface UploadLimits {
  readonly fields: number;
  readonly fieldBytes: number;
  readonly files: number;
  readonly fileBytes: number;
  readonly timeoutMs: number;
}

export const uploadLimits: UploadLimits = {
  fields: 50,
  fieldBytes: 100_000,
  files: 5,
  fileBytes: 10_000_000,
  timeoutMs: 60_000,
};

export interface Requested {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

/** Told of every piece of a body before it is kept. @returns why no more of it is taken, now */
export type Spend = (bytes: number) => BrokerError | undefined;

/** Headers of one part, and its delimiter. */
const partOverhead = 4_096;

/**
 * The body of one of our own forms with files: `multipart/form-data` (RFC 7578), read as it comes and never kept beyond
 * the limits. Whatever is refused is refused at once: nothing more is read, and the connection ends with the answer, so
 * that whoever is sending 3 GB stops. The caller checks the origin first, and validates fields and files.
 *
 * @throws BrokerError M-FILE-008 a file or the whole is too large, M-FILE-027 too many parts, M-FILE-026 too slow,
 *   M-HTTP-003 anything that is no such form, and what `spend` answers
 */
export async function receiveUpload(
  ctx: Requested,
  limits: UploadLimits = uploadLimits,
  spend: Spend = () => undefined,
): Promise<Upload> {
  try {
    const parser = parserOf(ctx.req, limits);
    return await received(ctx.req, parser, limits, spend);
  } catch (error) {
    stopReading(ctx);
    throw error;
  }
}

/** Node closes the connection once the answer is written; the rest of the body is never read. */
export function stopReading({ req, res }: Requested): void {
  req.unpipe();
  req.pause();
  res.shouldKeepAlive = false;
}

const malformed = (detail: string, cause?: unknown): BrokerError =>
  new BrokerError('M-HTTP-003', { detail: `upload: ${detail}`, cause });
const tooLarge = (detail: string): BrokerError =>
  new BrokerError('M-FILE-008', { detail: `upload: ${detail}` });
const tooMany = (detail: string): BrokerError =>
  new BrokerError('M-FILE-027', { detail: `upload: ${detail}` });

/** A body of all fields and all files as large as they may be. */
const mostBytes = ({ fields, fieldBytes, files, fileBytes }: UploadLimits): number =>
  fields * (fieldBytes + partOverhead) + files * (fileBytes + partOverhead) + partOverhead;

function parserOf({ headers }: IncomingMessage, limits: UploadLimits): BusboyInstance {
  const type = headers['content-type'] ?? '';
  if (!/^multipart\/form-data\s*;/iu.test(type)) throw malformed('not multipart/form-data');
  // RFC 2046 §5.1.1: 70 characters at most.
  const boundaries = [...type.matchAll(/;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))(?=\s*(?:;|$))/giu)];
  if (boundaries.length !== 1) throw malformed('no boundary, or several');
  // Our forms never come compressed: refusing it leaves no room for a small body that unpacks to a large one.
  if (headers['content-encoding'] !== undefined) throw malformed('content-encoding');
  const announced = headers['content-length'];
  if (announced !== undefined && Number(announced) > mostBytes(limits))
    throw tooLarge(`${announced} bytes announced`);
  try {
    return new Busboy({
      headers: { ...headers, 'content-type': type },
      limits: {
        fields: limits.fields,
        fieldSize: limits.fieldBytes,
        files: limits.files,
        fileSize: limits.fileBytes,
        parts: limits.fields + limits.files,
        headerPairs: 10,
        headerSize: partOverhead,
      },
    });
  } catch (cause) {
    throw malformed('unreadable header', cause);
  }
}

function received(
  req: IncomingMessage,
  parser: BusboyInstance,
  limits: UploadLimits,
  spend: Spend,
): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const fields = new URLSearchParams();
    const files: UploadedFile[] = [];
    const most = mostBytes(limits);
    let read = 0;
    let ended = false;

    const end = (settle: () => void): void => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      req.off('data', count);
      req.off('close', cut);
      settle();
    };
    const fail = (error: BrokerError): void =>
      end(() => {
        req.unpipe(parser);
        reject(error);
      });
    const timer = setTimeout(
      () =>
        fail(new BrokerError('M-FILE-026', { detail: `upload: ${read} bytes in ${limits.timeoutMs} ms` })),
      limits.timeoutMs,
    );
    const count = (chunk: Buffer): void => {
      read += chunk.length;
      const noRoom = read > most ? tooLarge(`over ${most} bytes in all`) : spend(chunk.length);
      if (noRoom !== undefined) fail(noRoom);
    };
    // A request that came wholly closes too, maybe before its last part is read: then the parser has the last word.
    const cut = (): void => {
      if (!req.complete) fail(malformed('cut short by the client'));
    };

    parser.on('field', (name: string | undefined, value, _nameCut, valueCut) => {
      if (ended) return;
      if (name === undefined) fail(malformed('a part without a name'));
      else if (valueCut) fail(malformed(`field over ${limits.fieldBytes} bytes`));
      else fields.append(name, value);
    });
    parser.on('file', (field: string | undefined, stream: BusboyFileStream, sent: string | undefined) => {
      const chunks: Buffer[] = [];
      // The library tells of a body cut short on the file and on itself.
      stream.on('error', (cause: unknown) => fail(malformed('cut short within a file', cause)));
      stream.on('limit', () => fail(tooLarge(`a file over ${limits.fileBytes} bytes`)));
      stream.on('data', (chunk: Buffer) => {
        if (!ended) chunks.push(chunk);
      });
      stream.on('end', () => {
        if (ended || stream.truncated) return;
        if (field === undefined) {
          fail(malformed('a file without a field'));
          return;
        }
        const bytes = Buffer.concat(chunks);
        // What a browser sends for a field in which nothing was chosen (HTML, constructing the entry list): octets of no
        // length and of no name.
        if ((sent ?? '') === '' && bytes.length === 0) return;
        files.push({ field, name: plainFileName(sent ?? ''), bytes });
      });
    });
    parser.on('filesLimit', () => fail(tooMany(`over ${limits.files} files`)));
    parser.on('fieldsLimit', () => fail(tooMany(`over ${limits.fields} fields`)));
    parser.on('partsLimit', () => fail(tooMany('too many parts')));
    parser.on('error', (cause: unknown) => fail(malformed('unreadable multipart', cause)));
    parser.on('finish', () => end(() => resolve({ fields, files })));
    req.on('data', count);
    req.on('close', cut);
    req.pipe(parser);
  });
}

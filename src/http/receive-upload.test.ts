import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPageServer } from '../../test/browser/page-server.ts';
import type { PageServer } from '../../test/browser/page-server.ts';
import { receiveUpload, uploadLimits } from './receive-upload.ts';
import { plainFileName } from './upload-name.ts';

let server: PageServer;
/** Bytes of bodies that reached the process. */
let read = 0;
beforeAll(async () => {
  server = await startPageServer({
    routes: () => async (ctx, next) => {
      if (!['/upload', '/slow', '/late'].includes(ctx.path)) {
        await next();
        return;
      }
      // As where a session is looked up in a database first.
      while (ctx.path === '/late' && !ctx.req.complete) await new Promise((resolve) => setImmediate(resolve));
      read = 0;
      const before = ctx.req.socket.bytesRead;
      const limits = { ...uploadLimits, timeoutMs: ctx.path === '/slow' ? 200 : 20_000 };
      try {
        const { fields, files } = await receiveUpload(ctx, limits);
        ctx.body = {
          fields: [...fields],
          files: files.map(({ field, name, bytes }) => [
            field,
            name,
            bytes.length,
            bytes.toString('latin1', 0, 20),
          ]),
        };
      } finally {
        read = ctx.req.socket.bytesRead - before;
      }
    },
  });
});
afterAll(() => server.close());

const post = async (
  body: string | FormData | Uint8Array<ArrayBuffer> | ReadableStream,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: unknown }> => {
  const answer = await fetch(`${server.origin}/upload`, {
    method: 'POST',
    body,
    headers: { accept: 'application/json', ...headers },
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  });
  return { status: answer.status, body: await answer.json() };
};
const multipart = { 'content-type': 'multipart/form-data; boundary=b' };
const part = (headers: string, content: string): string => `--b\r\n${headers}\r\n\r\n${content}\r\n`;
const field = (name: string, value: string): string =>
  part(`Content-Disposition: form-data; name="${name}"`, value);
const file = (name: string, content: string): string =>
  part(`Content-Disposition: form-data; name="piece"; filename="${name}"`, content);
const form = (...parts: readonly string[]): string => `${parts.join('')}--b--\r\n`;

/** Writes to a socket what a polite client would not. */
function talk(start: string, more?: () => Buffer | undefined, path = '/upload'): Promise<string> {
  const { port, hostname } = new URL(server.origin);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAccept: application/json\r\nContent-Type: multipart/form-data; boundary=b\r\n${start}`,
    );
    const go = (): void => {
      const chunk = more?.();
      if (chunk === undefined || socket.destroyed) return;
      if (socket.write(chunk)) setImmediate(go);
      else socket.once('drain', go);
    };
    go();
  });
}

describe('a form with files', () => {
  test('comes as ordered fields, repeated names included, and files; a field without a file is none', async () => {
    const sent = new FormData();
    sent.append('x', '1');
    sent.append('piece', new File(['%PDF-1.7'], 'récépissé été.pdf', { type: 'text/html' }));
    sent.append('x', '2 é\r\n3');
    sent.append('__proto__', '4');
    sent.append('piece', new File([], 'vide.pdf'));
    sent.append('other', new File([], ''));
    expect(await post(sent)).toEqual({
      status: 200,
      body: {
        fields: [
          ['x', '1'],
          ['x', '2 é\r\n3'],
          ['__proto__', '4'],
        ],
        files: [
          ['piece', 'récépissé été.pdf', 8, '%PDF-1.7'],
          ['piece', 'vide.pdf', 0, ''],
        ],
      },
    });
  });

  test('is read even when all of it was there before anybody read', async () => {
    const sent = new FormData();
    sent.append('x', '1');
    sent.append('piece', new File(['%PDF-1.7'], 'a.pdf'));
    const answer = await fetch(`${server.origin}/late`, { method: 'POST', body: sent });
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { fields: [['x', '1']], files: [['piece', 'a.pdf', 8, '%PDF-1.7']] },
    ]);
  });

  test.each(['multipart/form-data; boundary="b"', 'Multipart/Form-Data;boundary=b; charset=utf-8'])(
    'may be announced as %s',
    async (type) => {
      expect((await post(form(field('a', '1')), { 'content-type': type })).body).toMatchObject({
        fields: [['a', '1']],
      });
    },
  );

  test.each([
    ['application/x-www-form-urlencoded', 'a=1'],
    ['multipart/mixed; boundary=b', form(field('a', '1'))],
    ['multipart/form-data', form(field('a', '1'))],
    ['multipart/form-data; boundary=', form(field('a', '1'))],
    [`multipart/form-data; boundary=${'b'.repeat(71)}`, form(field('a', '1'))],
    ['multipart/form-data; boundary=b; boundary=c', form(field('a', '1'))],
    ['multipart/form-data; boundary=other', form(field('a', '1'))],
    ['multipart/form-data; boundary=b', ''],
    ['multipart/form-data; boundary=b', 'nothing of the kind'],
    ['multipart/form-data; boundary=b', '--b'],
    ['multipart/form-data; boundary=b', field('a', '1')],
    ['multipart/form-data; boundary=b', file('a.pdf', 'x').slice(0, -2)],
    ['multipart/form-data; boundary=b', form(part('Content-Disposition: form-data', '1'))],
    ['multipart/form-data; boundary=b', form(part('Content-Disposition: form-data; filename="a.pdf"', '1'))],
    ['multipart/form-data; boundary=b', form(field('a', 'x'.repeat(100_001)))],
  ])('%s %# is refused when it is none', async (type, body) => {
    expect(await post(body, { 'content-type': type })).toMatchObject({
      status: 400,
      body: { code: 'M-HTTP-003' },
    });
  });

  test('compressed is refused', async () => {
    expect(await post(form(field('a', '1')), { ...multipart, 'content-encoding': 'gzip' })).toMatchObject({
      status: 400,
      body: { code: 'M-HTTP-003' },
    });
  });

  test('holds 5 files and 50 fields at most, each of 10 MB and 100 kB', async () => {
    const files = Array.from({ length: 5 }, (_, index) => file(`${index}.pdf`, 'x'));
    const fields = Array.from({ length: 50 }, (_, index) => field(`${index}`, 'x'));
    expect(await post(form(...files, ...fields), multipart)).toMatchObject({ status: 200 });
    expect((await post(form(field('a', 'x'.repeat(100_000))), multipart)).status).toBe(200);
    for (const body of [form(...files, file('6.pdf', 'x')), form(...fields, field('51', 'x'))])
      expect(await post(body, multipart)).toMatchObject({ status: 413, body: { code: 'M-FILE-027' } });

    expect(await post(form(file('a.pdf', 'x'.repeat(10_000_000))), multipart)).toMatchObject({
      status: 200,
      body: { files: [['piece', 'a.pdf', 10_000_000, expect.anything()]] },
    });
    expect(await post(form(file('a.pdf', 'x'.repeat(10_000_001))), multipart)).toMatchObject({
      status: 413,
      body: { code: 'M-FILE-008' },
    });
  });
});

describe('3 GB', () => {
  const endless = (): (() => Buffer) => {
    const first = Buffer.from(file('a.pdf', '').slice(0, -2));
    const more = Buffer.alloc(65_536, 'x');
    let isFirst = true;
    return () => {
      const chunk = isFirst ? first : more;
      isFirst = false;
      return chunk;
    };
  };

  test('announced: the answer is 413 before anything is read, and the connection ends', async () => {
    const answer = await talk('Content-Length: 3221225472\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 413 [^]*Connection: close/iu);
    expect(answer).toContain('M-FILE-008');
    expect(read).toBe(0);
  });

  test('in chunks, announced by nothing: reading stops at the limit, and so does the sender', async () => {
    const next = endless();
    const chunked = (): Buffer => {
      const chunk = next();
      return Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]);
    };
    const answer = await talk('Transfer-Encoding: chunked\r\n\r\n', chunked);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /u);
    expect(read).toBeLessThan(10_000_000 + 1_000_000);
  });

  test('in a thousand small fields: reading stops at the fiftieth', async () => {
    const small = Buffer.from(field('a', 'x'.repeat(1_000)));
    const answer = await talk('Content-Length: 50000000\r\n\r\n', () => small);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /u);
    expect(read).toBeLessThan(2_000_000);
  });

  test('in parts that belong to no form, or in one header: reading stops at the whole', async () => {
    for (const start of [part('X: y', ''), '--b\r\nX: ']) {
      let sent = 0;
      const answer = await talk(
        'Content-Length: 55000000\r\n\r\n',
        () => {
          if (sent > 54_000_000) return undefined;
          const chunk = Buffer.from(sent === 0 ? start.trimEnd() : 'x'.repeat(1_000_000));
          sent += chunk.length;
          return chunk;
        },
        '/slow',
      );
      expect(answer).toMatch(/^HTTP\/1\.1 (?:408|413|400) /u);
    }
  });

  test('drop by drop: the time of an upload is limited', async () => {
    const answer = await talk('Content-Length: 1000\r\n\r\n--b\r\n', undefined, '/slow');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /u);
    expect(answer).toContain('M-FILE-026');
  });

  test('given up half-way: nothing waits for it', async () => {
    const { port, hostname } = new URL(server.origin);
    const logged = server.logs.length;
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /upload HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000\r\n\r\n${file('a', 'x')}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.destroy();
    await expect.poll(() => server.logs.length).toBeGreaterThan(logged);
    expect(JSON.stringify(server.logs.slice(logged))).toContain('cut short by the client');
  });
});

describe('the name of a file', () => {
  test.each([
    ['statuts.pdf', 'statuts.pdf'],
    ['Procès-verbal (2026).pdf', 'Procès-verbal (2026).pdf'],
    ['C:\\Users\\moi\\statuts.pdf', 'statuts.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['/etc/cron.d/x', 'x'],
    ['..', 'document'],
    ['.htaccess', 'htaccess'],
    ['-rf', 'rf'],
    ['', 'document'],
    ['   ', 'document'],
    ['a\u202efdp.exe', 'afdp.exe'],
    ['a\0.pdf', 'a.pdf'],
    ['a\r\nSet-Cookie: x=1.pdf', 'aSet-Cookie_ x=1.pdf'],
    ['a";x="b.pdf', 'a__x=_b.pdf'],
    ['e\u0301te\u0301.pdf', 'été.pdf'],
    ['\ud800.pdf', 'pdf'],
    ['con', '_con'],
    ['NUL.pdf', '_NUL.pdf'],
    ['a.pdf. . ', 'a.pdf'],
    [`${'é'.repeat(300)}.pdf`, `${'é'.repeat(116)}.pdf`],
    ['x'.repeat(300), 'x'.repeat(120)],
  ])('%j becomes %j', (sent, expected) => {
    expect(plainFileName(sent)).toBe(expected);
  });

  test('whatever is sent, is a plain one, and stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (sent) => {
        const name = plainFileName(sent);
        expect(name).not.toBe('');
        expect(Array.from(name).length).toBeLessThanOrEqual(121);
        expect(name).not.toMatch(/[/\\"\r\n\0\u202a-\u202e\u2066-\u2069]|^\.|[. ]$/u);
        expect(name.isWellFormed()).toBe(true);
        expect(plainFileName(name)).toBe(name);
      }),
    );
  });

  test('injects no header of a part', async () => {
    const body = form(
      part('Content-Disposition: form-data; name="p"; filename="a\nb.pdf"', 'x'),
      field('a', '1'),
    );
    expect(await post(body, multipart)).toMatchObject({ body: { fields: [['a', '1']], files: [] } });
  });
});

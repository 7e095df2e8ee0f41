import Koa from 'koa';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen } from './server.ts';
import type { Listening } from './server.ts';
import { underPath } from './under-path.ts';

describe('an issuer with a path (https://host/api/v2)', () => {
  let server: Listening;

  beforeAll(async () => {
    const app = new Koa();
    app.use(underPath('/api/v2'));
    app.use((ctx) => {
      ctx.body = ctx.path;
    });
    const answer = app.callback();
    server = await listen((request_, response) => void answer(request_, response), {
      port: 0,
      addresses: ['127.0.0.1'],
      drainMs: 0,
    });
  });
  afterAll(() => server.close());

  test.each([
    ['/api/v2/authorize', 200, '/authorize'],
    ['/api/v2/', 200, '/'],
    ['/api/v2', 200, '/'],
    ['/authorize', 404, 'Not Found'],
    ['/api/v22/authorize', 404, 'Not Found'],
    ['/API/v2/authorize', 404, 'Not Found'],
  ])('%s', async (path, status, body) => {
    const answer = await request(`http://127.0.0.1:${server.port}${path}`);
    expect([answer.statusCode, await answer.body.text()]).toEqual([status, body]);
  });
});

import { createHash, randomBytes, randomInt } from 'node:crypto';
import { Pool } from 'undici';

/** One login as a new browser and its tool make it, with keep-alive connections; throws when any answer is not the expected. */
export interface Flow {
  run(): Promise<void>;
  close(): Promise<void>;
}

export interface FlowOptions {
  readonly issuer: string;
  readonly redirectUri: string;
  readonly scope: string;
  /** Typed in the e-mail form, when the provider shows one. */
  readonly email?: string;
}

const clientId = 'docs';
const secret = 'docs-demo-secret-not-for-production-0123456789';

export function createFlow({ issuer, redirectUri, scope, email }: FlowOptions): Flow {
  const pools = new Map<string, Pool>();
  const poolOf = (origin: string): Pool => {
    const pool = pools.get(origin) ?? new Pool(origin, { connections: 8 });
    pools.set(origin, pool);
    return pool;
  };

  /** Limits of attempts are counted as they are: each person comes from a network of their own. */
  const newNetwork = (): string =>
    `2001:${[0, 0, 0].map(() => randomInt(0x10000).toString(16)).join(':')}::1`;

  /** Path-blind cookies are enough here: names are unique, and each flow has its own jar. */
  async function visit(
    { jar, network }: { readonly jar: Map<string, string>; readonly network: string },
    url: string,
    form?: Readonly<Record<string, string>>,
  ) {
    const { origin, pathname, search } = new URL(url);
    const answer = await poolOf(origin).request({
      path: pathname + search,
      method: form === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'text/html',
        'x-forwarded-for': network,
        ...(jar.size === 0 ? {} : { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') }),
        ...(form === undefined
          ? {}
          : { 'content-type': 'application/x-www-form-urlencoded', origin, 'sec-fetch-site': 'same-origin' }),
      },
      ...(form === undefined ? {} : { body: new URLSearchParams(form).toString() }),
    });
    const body = await answer.body.text();
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [pair = ''] = line.split(';', 1);
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    const location = answer.headers.location;
    return {
      status: answer.statusCode,
      body,
      location: typeof location === 'string' ? new URL(location, url).href : undefined,
    };
  }

  async function tokenRequest(path: string, init: { body?: string; authorization: string }) {
    const { origin, pathname } = new URL(`${issuer}${path}`);
    const answer = await poolOf(origin).request({
      path: pathname,
      method: init.body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: init.authorization,
        accept: 'application/json',
        ...(init.body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(init.body === undefined ? {} : { body: init.body }),
    });
    const body = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${body}`);
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null) throw new Error(`${path}: not an object`);
    return new Map(Object.entries(parsed));
  }

  return {
    async run() {
      const person = { jar: new Map<string, string>(), network: newNetwork() };
      const verifier = randomBytes(32).toString('base64url');
      const query = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope,
        state: randomBytes(16).toString('hex'),
        nonce: randomBytes(16).toString('hex'),
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      });
      let url = `${issuer}/authorize?${query.toString()}`;
      for (let hop = 0; !url.startsWith(redirectUri); hop += 1) {
        if (hop > 12) throw new Error('too many redirects');
        let page = await visit(person, url);
        const action = /<form[^>]* action="([^"]+)"/.exec(page.body)?.[1];
        if (page.location === undefined && action !== undefined && email !== undefined) {
          page = await visit(person, new URL(action, url).href, { email });
        }
        if (page.location === undefined)
          throw new Error(`${url}: ${page.status} without redirect ${page.body.slice(0, 300)}`);
        url = page.location;
      }
      const code = new URL(url).searchParams.get('code');
      if (code === null) throw new Error(`no code: ${url}`);
      const tokens = await tokenRequest('/token', {
        authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code,
          redirect_uri: redirectUri,
          code_verifier: verifier,
        }).toString(),
      });
      const claims = await tokenRequest('/userinfo', {
        authorization: `Bearer ${String(tokens.get('access_token'))}`,
      });
      if (claims.get('sub') === undefined) throw new Error('userinfo without sub');
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}

import { describe, expect, it } from 'vitest';
import { createBench, issuer } from './testing/bench.ts';
import { createSmallIdp } from './testing/small-idp.ts';

const refused = (code: string) => ({ ok: false, error: { code } });

describe('the cookie of an attempt', () => {
  it('is named after its state, lives ten minutes on the callback of its IdP, and shows nothing', async () => {
    const idp = await createSmallIdp();
    const { upstream } = createBench(idp);
    const { url, cookie } = await upstream.start(idp.record, { interactionUid: 'uid-secret', maxAge: 60 });
    expect(cookie).toMatchObject({ path: `${issuer.pathname}/callback/etat`, maxAgeSeconds: 600 });
    expect(cookie.name).toMatch(/^__Secure-maillon-up-[0-9a-f]{16}$/);
    const text = cookie.value
      .split('.')
      .map((segment) => Buffer.from(segment, 'base64url').toString('latin1'))
      .join();
    for (const secret of [
      'uid-secret',
      url.searchParams.get('state') ?? '',
      url.searchParams.get('nonce') ?? '',
    ]) {
      expect(`${cookie.name} ${cookie.value} ${text}`).not.toContain(secret);
    }
    // Twelve tabs still fit in the 16 kB that Node allows for all headers.
    expect(cookie.name.length + cookie.value.length).toBeLessThan(800);
  });

  it('changed anywhere, is refused', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    const callback = idp.answer(await bench.begin(idp));
    const [value = ''] = bench.cookies.values();
    const letters = Array.from(value);
    for (let at = 0; at < letters.length; at += 7) {
      const changed = letters.with(at, letters[at] === 'A' ? 'B' : 'A').join('');
      if (changed === value) continue;
      const result = await bench.upstream.finish(idp.record, callback, () => changed);
      expect(result, `letter ${at}`).toMatchObject({ ...refused('M-UPST-004'), attempt: undefined });
    }
    for (const wrong of ['', 'x', '....', value.slice(0, -1), `${value}A`, value.repeat(2)]) {
      expect(await bench.upstream.finish(idp.record, callback, () => wrong)).toMatchObject(
        refused('M-UPST-004'),
      );
    }
    expect(await bench.end(idp, callback)).toMatchObject({ ok: true });
  });
});

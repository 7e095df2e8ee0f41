import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { driftOf } from './drift.ts';
import type { DriftStanding, Seen } from './drift.ts';
import { domainActs, domainStates, isEnd, isHeld, transition } from './lifecycle.ts';
import { mayClaim } from './may-claim.ts';
import type { ClaimFacts } from './may-claim.ts';
import { holdsProof, recordName, recordValue } from './proof.ts';
import { typedDomain } from './typed-domain.ts';

describe('what was typed is a domain', () => {
  test.each<readonly [string, string | undefined]>([
    ['Mairie-Exemple.FR', 'mairie-exemple.fr'],
    [' @mairie-exemple.fr\u00a0', 'mairie-exemple.fr'],
    ['contact@mairie-exemple.fr', 'mairie-exemple.fr'],
    ['marché.example', 'xn--march-fsa.example'],
    ['xn--march-fsa.example', 'xn--march-fsa.example'],
    // A Cyrillic « а »: another domain, never the same.
    ['mаirie.example', 'xn--mirie-4ve.example'],
    ['fr', undefined],
    ['https://mairie.example/', undefined],
    ['mairie.example.', undefined],
    ['ｍairie.example', undefined],
    ['mairie.example\r\nx', undefined],
    ['mairie..example', undefined],
    ['192.0.2.1', undefined],
    ['*.mairie.example', undefined],
    ['_dmarc.mairie.example', undefined],
    ['', undefined],
    ['a@b@c.example', undefined],
  ])('%j: %j', (typed, domain) => {
    expect(typedDomain(typed)).toBe(domain);
  });

  test('whatever is typed, what is read is read again the same', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.domain(), fc.emailAddress()), (typed) => {
        const read = typedDomain(typed);
        if (read !== undefined) expect(typedDomain(read)).toBe(read);
      }),
      { numRuns: 200 },
    );
  });
});

const nobody: ClaimFacts = { isDisposable: false, providerDomains: [] };
const claim = (domain: string, withSubdomains = false) => ({ domain, withSubdomains });

describe('who may claim', () => {
  test.each([
    ['mairie-exemple.fr', undefined],
    ['asso.mairie-exemple.fr', undefined],
    ['mon-asso.asso.fr', undefined],
    ['sante.gouv.fr', undefined],
    ['association.org', undefined],
    ['exemple.com', undefined],
    ['gouv.fr', 'public_suffix'],
    ['asso.fr', 'public_suffix'],
    ['com.fr', 'public_suffix'],
    ['co.uk', 'public_suffix'],
    ['asso.nc', 'public_suffix'],
    ['orange.fr', 'open_mail'],
    ['mon-asso.free.fr', 'open_mail'],
    ['gmail.com', 'open_mail'],
    ['wordpress.com', 'shared_hosting'],
    ['mon-asso.wordpress.com', 'shared_hosting'],
    ['mon-asso.onmicrosoft.com', 'shared_hosting'],
    ['mon-asso.github.io', 'shared_hosting'],
    ['serveur.local', 'reserved'],
    ['1.0.0.127.in-addr.arpa', 'reserved'],
  ])('%s: %s', (domain, because) => {
    expect(mayClaim(claim(domain), nobody)).toBe(because);
    expect(mayClaim(claim(domain, true), nobody)).toBe(because);
  });

  test('a disposable domain proves nothing; what is none is none', () => {
    expect(mayClaim(claim('jetable.example'), { ...nobody, isDisposable: true })).toBe('disposable');
    expect(mayClaim({ domain: undefined, withSubdomains: false }, nobody)).toBe('malformed');
  });

  test.each<readonly [string, boolean, string | undefined]>([
    ['agents.example', false, 'identity_provider'],
    ['x.agents.example', false, 'identity_provider'],
    ['xagents.example', false, undefined],
    ['exact.example', false, 'identity_provider'],
    ['x.exact.example', false, undefined],
    ['x.exact.example', true, undefined],
    ['haut.example', false, undefined],
    ['haut.example', true, 'provider_below'],
  ])('%s (sub-domains: %s), beside identity providers: %s', (domain, below, because) => {
    const providerDomains = [
      { domain: 'agents.example', withSubdomains: true },
      { domain: 'exact.example', withSubdomains: false },
      { domain: 'bas.haut.example', withSubdomains: false },
    ];
    expect(mayClaim(claim(domain, below), { ...nobody, providerDomains })).toBe(because);
  });

  test('more facts never open a claim, and its sub-domains never open one either', () => {
    const domains = fc.constantFrom('a.example', 'b.a.example', 'gouv.fr', 'x.gouv.fr', 'gmail.com', 'c.fr');
    const providers = fc.array(fc.record({ domain: domains, withSubdomains: fc.boolean() }), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(domains, providers, fc.boolean(), (domain, providerDomains, isDisposable) => {
        const alone = mayClaim(claim(domain), nobody);
        const beside = mayClaim(claim(domain), { isDisposable, providerDomains });
        if (alone !== undefined) expect(beside).toBeDefined();
        if (beside !== undefined)
          expect(mayClaim(claim(domain, true), { isDisposable, providerDomains })).toBeDefined();
      }),
      { numRuns: 200 },
    );
  });
});

describe('the proof', () => {
  const token = 'c2VjcmV0LW9mLXRoaXM';
  test('is a record of its own name, and of this claim', () => {
    expect(recordName('mairie.example')).toBe('_maillon-verification.mairie.example');
    expect(recordValue(token)).toBe(`maillon-verification=${token}`);
    expect(holdsProof(['v=spf1 -all', ` "maillon-verification=${token}" `], token)).toBe(true);
  });
  test.each([
    ['of another claim', ['maillon-verification=another']],
    ['in other letters', [`maillon-verification=${token.toUpperCase()}`]],
    ['with more behind', [`maillon-verification=${token}x`]],
    ['inside another text', [`x maillon-verification=${token}`]],
    ['none', []],
  ])('%s: no', (_what, values) => {
    expect(holdsProof(values, token)).toBe(false);
  });
});

describe('drift', () => {
  const start = Date.parse('2026-11-01T06:00:00Z');
  const at = (days: number) => new Date(start + days * 24 * 3600 * 1000);
  const fresh: DriftStanding = { provenAt: at(0), failures: 0, failingSince: undefined };
  const walk = (looks: readonly (readonly [number, Seen])[]): readonly string[] => {
    let standing = fresh;
    return looks.map(([day, seen]) => {
      const drift = driftOf(standing, seen, at(day));
      ({ standing } = drift);
      return drift.change;
    });
  };
  test.each<readonly [string, readonly (readonly [number, Seen])[], readonly string[]]>([
    [
      'there',
      [
        [1, 'there'],
        [2, 'there'],
      ],
      ['none', 'none'],
    ],
    [
      'gone for three days',
      [
        [1, 'gone'],
        [2, 'gone'],
        [3, 'gone'],
        [4, 'gone'],
      ],
      ['failing', 'none', 'none', 'lost'],
    ],
    [
      'three looks in a day',
      [
        [1, 'gone'],
        [1.1, 'gone'],
        [1.2, 'gone'],
      ],
      ['failing', 'none', 'none'],
    ],
    [
      'two looks in a week',
      [
        [1, 'gone'],
        [8, 'gone'],
      ],
      ['failing', 'none'],
    ],
    [
      'back before the third day',
      [
        [1, 'gone'],
        [2, 'gone'],
        [3, 'there'],
        [4, 'gone'],
      ],
      ['failing', 'none', 'none', 'failing'],
    ],
    [
      'no answer for thirteen days',
      [
        [1, 'unanswered'],
        [7, 'unanswered'],
        [13, 'unanswered'],
      ],
      ['none', 'none', 'none'],
    ],
    [
      'no answer for a fortnight, and then some',
      [
        [14, 'unanswered'],
        [15, 'unanswered'],
        [17, 'unanswered'],
      ],
      ['failing', 'none', 'lost'],
    ],
    [
      'no answer between two failures',
      [
        [1, 'gone'],
        [2, 'unanswered'],
        [3, 'gone'],
        [4, 'gone'],
      ],
      ['failing', 'none', 'none', 'lost'],
    ],
  ])('%s', (_what, looks, changes) => {
    expect(walk(looks)).toEqual(changes);
  });

  test('is never a loss before three failures over three days, and any proof begins anew', () => {
    const seen = fc.constantFrom<Seen>('there', 'gone', 'unanswered');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0.01, max: 5, noNaN: true }), seen), { maxLength: 12 }),
        (steps) => {
          let [standing, day, run, since] = [fresh, 0, 0, 0];
          for (const [step, what] of steps) {
            day += step;
            const drift = driftOf(standing, what, at(day));
            if (what === 'there') run = 0;
            else if (drift.standing.failures > standing.failures) {
              if (run === 0) since = day;
              run += 1;
            }
            ({ standing } = drift);
            expect(standing.failures).toBe(run);
            if (drift.change !== 'lost') continue;
            expect(run).toBeGreaterThanOrEqual(3);
            expect(day - since).toBeGreaterThan(3 - 1e-6);
            return;
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('the life of a domain', () => {
  test('is one table', () => {
    const rows = domainStates.map((state) => [
      state,
      domainActs
        .flatMap((act) => {
          const to = transition(state, act);
          return to === undefined ? [] : [`${act} → ${to}`];
        })
        .join(', '),
    ]);
    expect(Object.fromEntries(rows)).toEqual({
      claimed: 'prove → verified, contest → proven, give_up → given_up',
      proven: 'give_up → given_up, receive → verified, refuse → refused, release → claimed',
      verified: 'prove → verified, lose → unverified, give_up → given_up, hand_over → handed_over',
      unverified: 'prove → verified, give_up → given_up, hand_over → handed_over',
      given_up: '',
      handed_over: '',
      refused: '',
    });
  });
  test('ends for good; what another one holds is received from operators alone', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...domainActs), { maxLength: 12 }), (acts) => {
        let state: (typeof domainStates)[number] = 'claimed';
        for (const act of acts) {
          const to = transition(state, act);
          if (to === undefined) continue;
          expect(isEnd(state)).toBe(false);
          if (state === 'proven' && isHeld(to)) expect(act).toBe('receive');
          state = to;
        }
      }),
      { numRuns: 200 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { signInSchema } from '../identity/identity.ts';
import { addressTold, readSessions } from './read-access.ts';

const membership = {
  siret: '21440109300015',
  level: 'moderated',
  method: 'idp',
  verifiedAt: 1,
  origin: 'idp',
};

describe('a session, as its owner reads it', () => {
  it.each([
    ['that the identity provider asserted', 'asserted', 'siret'],
    ['that its record put in its place', 'default', 'siretByDefault'],
    ['of a sign-in before this was kept', undefined, 'siret'],
  ])('names the establishment %s', async (_name, siretSource, expected) => {
    const declared = { ...membership, siret: '13002526500013', origin: 'declared' };
    const signIn = signInSchema.parse({
      ...{ id: 's', accountId: 'a', idp: 'mairie', email: 'a@mairie.example', emailDomain: 'mairie.example' },
      ...{ emailVerified: true, claims: {}, acr: 'eidas1', amr: [], authTime: 1 },
      memberships: [{ ...membership, siretSource }, declared],
    });
    const sessions = () => Promise.resolve([{ startedAt: 1, device: undefined, signIn }]);
    const read = readSessions({ sessions, snapshot: () => ({ identityProviders: new Map() }) }, 'a');
    const facts = [];
    for await (const item of read) facts.push(...item.facts);
    expect(facts).toContainEqual([expected, '21440109300015']);
    expect(facts.flat()).not.toContain('13002526500013');
  });
});

describe('a tool, as the person reads what it knows', () => {
  const email = 'ministre@etat.example';
  it.each([
    [
      'of a provider that answers for its domain',
      { emailDomain: 'etat.example', emailVerified: false },
      email,
    ],
    ['whose mailbox was proven', { emailDomain: '', emailVerified: true }, email],
    ['that nobody answers for', { emailDomain: '', emailVerified: false }, undefined],
  ])('was told an address %s, or none', (_name, vouched, expected) => {
    expect(addressTold({ email, ...vouched })).toBe(expected);
  });
});

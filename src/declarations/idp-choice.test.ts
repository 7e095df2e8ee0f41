import { describe, expect, it } from 'vitest';
import { storedIdentityProviderSchema } from './identity-provider.ts';
import { read, refused } from './testing/reading.ts';
import { anIdp, without, yamlOf } from './testing/samples.ts';

const decision = {
  domain: 'syndicat.example',
  decided_by: { given_name: 'Ada', usual_name: 'Martin', capacity: 'Head', organization: 'Operator' },
  decided_on: '2026-10-01',
  reason: 'The town runs the mailboxes of the syndicate; its president wrote so.',
};
const file = (changes: object): string => yamlOf({ identity_providers: [{ ...anIdp, ...changes }] });
const problems = (changes: object): string => refused(file(changes)).join('\n');
const accepted = (changes: object) => read(file(changes)).identityProviders[0];

describe('test_addresses', () => {
  it('hide a provider; without them it is for everybody of its domains', () => {
    expect(accepted({ test_addresses: ['essai-7f3a@etat.example'] })).toMatchObject({
      test_addresses: ['essai-7f3a@etat.example'],
    });
    expect(accepted({})).not.toHaveProperty('test_addresses');
  });

  it.each([
    [[], '1 to 20'],
    [Array.from({ length: 21 }, (_, at) => `essai-${String(at)}@etat.example`), '1 to 20'],
    [['essai@etat.example', 'essai@etat.example'], 'twice'],
    [['Essai@etat.example'], 'lower case'],
    [['*@etat.example.'], 'lower case'],
    [['etat.example'], 'lower case'],
    [['a@b@etat.example'], 'lower case'],
    [['essai..a@etat.example'], 'lower case'],
    [['essai@état.example'], 'lower case'],
    [[`${'a'.repeat(65)}@etat.example`], 'lower case'],
  ])('%j are refused: %s', (addresses, why) => {
    expect(problems({ test_addresses: addresses })).toContain(why);
  });
});

describe('extra_domains', () => {
  it('are each the decision of somebody, with its day and its reason', () => {
    expect(accepted({ extra_domains: [decision] })).toMatchObject({ extra_domains: [decision] });
    for (const field of ['domain', 'decided_by', 'decided_on', 'reason'])
      expect(problems({ extra_domains: [{ ...decision, [field]: undefined }] })).toContain(field);
  });

  it('are neither its own, nor twice the same, nor open to everybody', () => {
    expect(problems({ extra_domains: [{ ...decision, domain: 'etat.example' }] })).toContain(
      'must not hold etat.example, which is one of domains',
    );
    expect(problems({ extra_domains: [decision, decision] })).toContain('same domain twice');
    expect(problems({ extra_domains: [{ ...decision, domain: 'gmail.com' }] })).toContain(
      'must not hold gmail.com, where anybody opens a mailbox',
    );
    expect(problems({ extra_domains: [{ ...decision, domain: 'Syndicat.example' }] })).toContain(
      'lower case',
    );
  });

  it('nor are its domains open to everybody, once they are written anew', () => {
    expect(problems({ domains: ['gmail.com'] })).toContain(
      'must not hold gmail.com, where anybody opens a mailbox',
    );
    const stored = { ...without(anIdp, 'client_secret'), domains: ['gmail.com'] };
    expect(storedIdentityProviderSchema.safeParse(stored).success).toBe(true);
  });

  it('have no use where no address is vouched for', () => {
    expect(
      problems({ any_siret: undefined, gives_organization: false, extra_domains: [decision] }),
    ).toContain('has no use under gives_organization: false');
  });
});

it('what was stored without them, or by a version that knows more, is read', () => {
  const stored = without(anIdp, 'client_secret');
  expect(storedIdentityProviderSchema.parse(stored)).not.toHaveProperty('test_addresses');
  const full = { ...stored, test_addresses: ['essai@etat.example'], extra_domains: [decision], later: 1 };
  expect(storedIdentityProviderSchema.parse(full)).toMatchObject({
    test_addresses: ['essai@etat.example'],
    extra_domains: [decision],
  });
  // The list of open mail services grew since it was decided.
  const opened = { ...stored, extra_domains: [{ ...decision, domain: 'gmail.com' }] };
  expect(storedIdentityProviderSchema.safeParse(opened).success).toBe(true);
});

import { describe, expect, it } from 'vitest';
import { storedIdentityProviderSchema } from './identity-provider.ts';
import { anIdp, without } from './testing/samples.ts';

describe('a record of the version before, which said nothing of organizations', () => {
  const stored = without(anIdp, 'any_siret');

  it('still means any of them: an update locks nobody out', () => {
    expect(storedIdentityProviderSchema.parse(stored).any_siret).toBe(true);
  });

  it.each([
    { sirets: ['13002526500013'] },
    { default_siret: '13002526500013' },
    { gives_organization: false },
  ])('but what it said stands: %j', (said) => {
    const read = storedIdentityProviderSchema.parse({ ...stored, ...said });
    expect(read).toMatchObject(said);
    expect(read.any_siret).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { storedIdentityProviderSchema } from './identity-provider.ts';
import { read, refused } from './testing/reading.ts';
import { anIdp, without, yamlOf } from './testing/samples.ts';

const file = (changes: object): string => yamlOf({ identity_providers: [{ ...anIdp, ...changes }] });

describe('back_channel_logout', () => {
  it('is said by the record, or nobody is signed out from there', () => {
    expect(read(file({ back_channel_logout: true })).identityProviders[0]).toMatchObject({
      back_channel_logout: true,
    });
    expect(read(file({})).identityProviders[0]).not.toHaveProperty('back_channel_logout');
  });

  it.each(['yes', 1, {}])('is not %j', (value) => {
    expect(refused(file({ back_channel_logout: value })).join('\n')).toContain('back_channel_logout');
  });

  it('is kept in the database; what the version before wrote is read', () => {
    const stored = without(anIdp, 'client_secret');
    expect(storedIdentityProviderSchema.parse(stored)).not.toHaveProperty('back_channel_logout');
    expect(storedIdentityProviderSchema.parse({ ...stored, back_channel_logout: true })).toMatchObject({
      back_channel_logout: true,
    });
  });
});

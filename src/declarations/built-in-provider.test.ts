import { describe, expect, it } from 'vitest';
import { builtInProvider, isPartnerProvider, partnerProviderId } from './built-in-provider.ts';
import { storedIdentityProviderSchema } from './identity-provider.ts';
import { buildSnapshot } from './snapshot.ts';
import { read } from './testing/reading.ts';
import { anOperator, aService, yamlOf } from './testing/samples.ts';

const issuer = 'https://connexion.example/api/v2';
const provider = builtInProvider(issuer, true);

describe('accounts kept here are an identity provider', () => {
  it('whose record is one that this version reads, as any other', () => {
    expect(storedIdentityProviderSchema.parse(JSON.parse(JSON.stringify(provider)))).toEqual(provider);
    expect([provider.issuer, provider.id]).toEqual([issuer, partnerProviderId]);
    expect(isPartnerProvider(provider)).toBe(true);
    expect([isPartnerProvider(undefined), isPartnerProvider({ id: 'demo' })]).toEqual([false, false]);
  });

  it('that nobody is routed to by the end of an address, nor hidden', () => {
    const snapshot = buildSnapshot({
      revision: 1,
      services: [],
      clients: [],
      resourceServers: [],
      identityProviders: [provider],
      policies: [],
      operators: [],
    });
    expect(snapshot.identityProviders.get(partnerProviderId)).toBe(provider);
    expect(snapshot.idpsByDomain.size).toBe(0);
    expect(provider.test_addresses).toBeUndefined();
  });

  it('at which operators are declared by their subject, although no file declares it', () => {
    const operator = {
      ...anOperator,
      idp: partnerProviderId,
      subject: '0b5f2c1e-6b0a-4f0e-9d55-3f7a3c2d1e00',
    };
    expect(read(yamlOf({ services: [aService], operators: [operator] })).operators).toMatchObject([
      { idp: partnerProviderId },
    ]);
  });

  it('that may be closed', () => {
    expect(builtInProvider(issuer, false).enabled).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { storedIdentityProviderSchema } from './identity-provider.ts';
import { refused } from './testing/reading.ts';
import { aService, anIdp, without, yamlOf } from './testing/samples.ts';

const problems = (members: object) =>
  refused(yamlOf({ services: [aService], identity_providers: [{ ...anIdp, ...members }] }));

describe('an identity provider as a service', () => {
  it.each([
    [{ help_url: 'javascript:alert(1)' }, /"help_url" must be an https: address/],
    [{ help_url: 'mailto:aide@etat.test' }, /"help_url" must be an https: address/],
    [{ status_url: 'http://etat.test/' }, /"status_url" must be an https: address/],
    [{ hosting: { name: 'Centre' } }, /"hosting.country"/],
    [
      { hosting: { name: 'Centre', country: 'France' } },
      /"hosting.country" must be a country of two capital/,
    ],
    [{ hosting: { name: 'Centre', country: 'FR', price: 1 } }, /unknown key "hosting.price"/],
    [{ concurrency: 0 }, /"concurrency"/],
    [{ concurrency: 1.5 }, /"concurrency"/],
    [{ concurrency: 501 }, /"concurrency"/],
  ])('refuses %j', (members, problem) => {
    expect(problems(members).join('\n')).toMatch(problem);
  });

  it('may say where its people find help, how it is, who hosts it, and how much of us it may hold', () => {
    const service = {
      help_url: 'https://etat.test/aide',
      status_url: 'https://etat.test/etat',
      hosting: { name: 'Centre', country: 'FR', qualification: 'SecNumCloud' },
      concurrency: 4,
    };
    // As it rests in the database; what was written before these members were known is read as well.
    const stored = without(anIdp, 'client_secret');
    expect(storedIdentityProviderSchema.parse({ ...stored, ...service })).toMatchObject(service);
    expect(storedIdentityProviderSchema.parse(stored)).not.toHaveProperty('concurrency');
  });
});

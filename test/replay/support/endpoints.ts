import { authorizationRequest, demoTool } from './relying-party.ts';
import type { World } from '../../support/world.ts';

/** One address of each kind that the broker serves, and one that it does not; relative to the issuer. */
export function someOfEach(world: Pick<World, 'issuer' | 'tools'>): readonly string[] {
  const { url } = authorizationRequest(world.issuer, demoTool(world, 'docs'));
  return [
    '/',
    '/aide',
    '/.well-known/openid-configuration',
    '/.well-known/security.txt',
    '/jwks',
    url.slice(world.issuer.length),
    '/authorize?client_id=personne',
    '/token',
    '/userinfo',
    '/session/end',
    '/interaction/x',
    '/callback/demo?state=a',
    '/nulle-part',
  ];
}

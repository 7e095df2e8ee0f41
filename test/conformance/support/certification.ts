/**
 * A certification run: the broker with its clients, their receiver, and what the suite reads before its first module,
 * discovery document and keys.
 */
import { request } from 'undici';
import { z } from 'zod';
import { demoPeople } from '../../../demo/people.ts';
import type { DemoPerson, StandardClaims } from '../../../demo/people.ts';
import { demoAnd } from '../../replay/support/declarations.ts';
import { startWorld } from '../../support/world.ts';
import type { World } from '../../support/world.ts';
import { certificationClient, clientNames, declaration } from './clients.ts';
import type { ClientName } from './clients.ts';
import { readKeySet, readMetadata } from './metadata.ts';
import type { KeySet, Metadata } from './metadata.ts';
import { createParty } from './party.ts';
import type { Party, ResponseMode } from './party.ts';
import { startReceiver } from './receiver.ts';
import type { Receiver } from './receiver.ts';
import { person } from './walk.ts';

/** The suite warns of each standard claim that is not there: its person has them all (OpenID Connect Core §5.1). */
const standard: Required<StandardClaims> = {
  middle_name: 'Anne',
  nickname: 'Cam',
  profile: 'https://annuaire.example/agents/camille-renaud',
  picture: 'https://annuaire.example/agents/camille-renaud.png',
  website: 'https://camille-renaud.example/',
  gender: 'female',
  birthdate: '1984-02-29',
  zoneinfo: 'Europe/Paris',
  locale: 'fr-FR',
  updated_at: 1_792_483_200,
  phone_number_verified: true,
};
export const people = demoPeople.map((each): DemoPerson =>
  each.sub === person.sub ? { ...each, standard } : each,
);

export interface Certification {
  readonly world: World;
  readonly issuer: string;
  readonly receiver: Receiver;
  readonly metadata: Metadata;
  readonly keys: KeySet;
  /** @param mode how it asks for its authorization responses; the default of the code flow when absent */
  readonly party: (name: ClientName, mode?: ResponseMode) => Party;
  close(): Promise<void>;
}

/** @param extra more declarations, for profiles whose clients are of another kind */
export async function startCertification(
  extra: (origin: string) => Readonly<Record<string, readonly object[]>> = () => ({}),
): Promise<Certification> {
  const receiver = await startReceiver();
  const { clients = [], ...rest } = extra(receiver.origin);
  const folder = await demoAnd({
    ...rest,
    clients: [...clientNames.map((name) => declaration(name, receiver.origin)), ...clients],
  });
  const world = await startWorld({ configDir: folder.dir, people }).finally(folder.remove);
  const { issuer } = world;
  const metadata = readMetadata(await getJson(`${issuer}/.well-known/openid-configuration`));
  const keys = readKeySet(await getJson(metadata.jwks_uri));
  return {
    world,
    issuer,
    receiver,
    metadata,
    keys,
    party: (name, mode = 'default') =>
      createParty({ client: certificationClient(name, receiver.origin), mode, metadata, keys, receiver }),
    async close() {
      await world.close();
      await receiver.close();
    },
  };
}

const jsonSchema = z.record(z.string(), z.unknown());

async function getJson(url: string): Promise<unknown> {
  const { body } = await request(url);
  return jsonSchema.parse(await body.json());
}

import type { Kysely } from 'kysely';
import { z } from 'zod';
import { BrokerError } from '../errors/errors.ts';
import type { Database } from '../storage/storage.ts';
import { change } from './act.ts';
import { cancelLost } from './lost-factors.ts';
import { acceptedAuthenticatorName } from './names.ts';
import { displayName } from './needs.ts';
import type { PartnersNeeds } from './needs.ts';
import type { Partner } from './partner.ts';
import type { Partners } from './partners.ts';
import { readAssertion, readCreation, refused } from './passkey-answer.ts';
import { readAuthenticators } from './rows.ts';
import { mostAuthenticators } from './rules.ts';

/** EdDSA, ES256, RS256 (COSE): what authenticators of today make. */
const algorithms = [-8, -7, -257];
/** Milliseconds that a browser waits for its owner. */
const timeout = 5 * 60_000;
/** Its owner is told once a day that a counter went back, whoever tries how often. */
const suspectEveryMs = 24 * 3600 * 1000;

/** A quarter of a second, and certificates of every maker: loaded by whoever has a passkey first, not by each start. */
const library = () => import('@simplewebauthn/server');

const transportsSchema = z.array(z.string());

export function createPasskeys(needs: PartnersNeeds): Partners['passkeys'] {
  const { db, issuer } = needs;
  const rpID = issuer.hostname;
  const expectedOrigin = issuer.origin;
  const newChallenge = () => Uint8Array.from(needs.random(32));

  return {
    async creation(partner) {
      const { generateRegistrationOptions } = await library();
      const options = await generateRegistrationOptions({
        rpName: displayName,
        rpID,
        userName: partner.address,
        userDisplayName: `${partner.givenName} ${partner.usualName}`,
        userID: handleBytes(partner.id),
        challenge: newChallenge(),
        timeout,
        attestationType: 'none',
        excludeCredentials: await credentialsOf(db, partner.id),
        authenticatorSelection: {
          residentKey: 'required',
          requireResidentKey: true,
          userVerification: 'preferred',
        },
        supportedAlgorithmIDs: algorithms,
      });
      return { options, challenge: options.challenge };
    },

    async add(partner, answer, challenge, typed) {
      const name = acceptedAuthenticatorName(typed);
      const read = readCreation(answer);
      const { verifyRegistrationResponse } = await library();
      const verified = await verifyRegistrationResponse({
        response: read,
        expectedChallenge: challenge,
        expectedOrigin,
        expectedRPID: rpID,
        requireUserVerification: false,
        supportedAlgorithmIDs: algorithms,
      }).catch((error: unknown) => {
        throw refused('a new passkey', error);
      });
      if (!verified.verified) throw refused('a new passkey is not verified');
      const { credential, aaguid, userVerified, credentialDeviceType, credentialBackedUp } =
        verified.registrationInfo;
      return change(needs, partner.id, async ({ trx, at, tell }) => {
        if ((await readAuthenticators(trx, partner.id)).length >= mostAuthenticators)
          throw new BrokerError('M-PART-005', { detail: 'authenticators' });
        const id = needs.randomId();
        const inserted = await trx
          .insertInto('partner_authenticator')
          .values({
            id,
            partner_id: partner.id,
            kind: 'passkey',
            name,
            created_at: at,
            credential_id: credential.id,
            public_key: toBase64url(credential.publicKey),
            sign_count: credential.counter,
            device_type: credentialDeviceType,
            backed_up: credentialBackedUp,
            user_verification: userVerified,
            aaguid,
            transports: JSON.stringify(read.response.transports),
          })
          .onConflict((conflict) => conflict.column('credential_id').doNothing())
          .returning('id')
          .executeTakeFirst();
        if (inserted === undefined) throw new BrokerError('M-PART-009', { detail: 'credential id' });
        tell({
          act: 'partner.add_passkey',
          after: {
            name,
            aaguid,
            deviceType: credentialDeviceType,
            backedUp: credentialBackedUp,
            userVerified,
          },
          rows: [{ table: 'partner_authenticator', key: id }],
          notice: { kind: 'passkey_added' },
        });
        return {
          id,
          kind: 'passkey',
          name,
          createdAt: at,
          lastUsedAt: undefined,
          backedUp: credentialBackedUp,
          userVerification: userVerified,
        };
      });
    },

    async request(partner) {
      const { generateAuthenticationOptions } = await library();
      const options = await generateAuthenticationOptions({
        rpID,
        challenge: newChallenge(),
        timeout,
        // Alone it has to be two factors: what its owner has, and what they know or are.
        userVerification: partner === undefined ? 'required' : 'preferred',
        ...(partner === undefined ? {} : { allowCredentials: await credentialsOf(db, partner.id) }),
      });
      return { options, challenge: options.challenge };
    },

    async verify(answer, challenge, expected) {
      const read = readAssertion(answer);
      const kept = await credentialRow(db, read.id);
      if (kept === undefined) throw refused('a passkey that nobody registered here');
      if (expected !== undefined && kept.partner_id !== expected.id)
        throw refused('a passkey of another partner');
      // WebAuthn §7.2, step 6: who they say they are is whose key it is; unsaid only where we said it.
      const { userHandle: handle, ...response } = read.response;
      if (handle === undefined ? expected === undefined : handle !== handleOf(kept.partner_id))
        throw refused('the user handle is not that of the owner of the key');
      const { verifyAuthenticationResponse } = await library();
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response: { ...read, response },
        expectedChallenge: challenge,
        expectedOrigin,
        expectedRPID: rpID,
        // Compared below, where nobody else moves it meanwhile.
        credential: { id: kept.credential_id, publicKey: fromBase64url(kept.public_key), counter: 0 },
        requireUserVerification: expected === undefined,
      }).catch((error: unknown) => {
        throw refused('an answer of a passkey', error);
      });
      if (!verified) throw refused('the signature of a passkey');
      const { newCounter, userVerified, credentialDeviceType, credentialBackedUp } = authenticationInfo;
      // §7.2, step 18: what cannot be copied never becomes what can.
      if (credentialDeviceType !== kept.device_type) throw refused('backup eligibility of a passkey changed');
      const used = await change(needs, kept.partner_id, async (acting) => {
        const { trx, at, partner, tell } = acting;
        const moved = await trx
          .updateTable('partner_authenticator')
          .set({
            sign_count: newCounter,
            backed_up: credentialBackedUp,
            last_used_at: at,
            ...(userVerified ? { user_verification: true } : {}),
          })
          .where('id', '=', kept.id)
          // §7.2, step 22: those that keep no counter say 0 for ever.
          .where((eb) =>
            eb.or([
              eb('sign_count', '<', newCounter),
              eb.and([eb('sign_count', '=', 0), eb.val(newCounter === 0)]),
            ]),
          )
          .returning('id')
          .executeTakeFirst();
        if (moved !== undefined) {
          await cancelLost(acting);
          return { partner, proof: { method: 'passkey', at, userVerified } as const };
        }
        const suspect = await trx
          .updateTable('partner_authenticator')
          .set({ suspect_at: at })
          .where('id', '=', kept.id)
          .where((eb) =>
            eb.or([
              eb('suspect_at', 'is', null),
              eb('suspect_at', '<=', new Date(at.getTime() - suspectEveryMs)),
            ]),
          )
          .returning('id')
          .executeTakeFirst();
        if (suspect !== undefined)
          tell({
            act: 'partner.suspect_passkey',
            before: { authenticator: kept.id, counter: kept.sign_count },
            after: { counter: newCounter },
            notice: { kind: 'passkey_suspect' },
          });
        return undefined;
      });
      if (used === undefined)
        throw new BrokerError('M-PART-008', {
          detail: `authenticator ${kept.id}: ${newCounter} after ${kept.sign_count}`,
        });
      return used;
    },
  };
}

/** The user handle: the number of the partner, 16 bytes that name nobody (WebAuthn §14.6.1). */
const handleBytes = (id: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.from(id.replaceAll('-', ''), 'hex'));
const handleOf = (id: string): string => toBase64url(handleBytes(id));

async function credentialsOf(
  db: Kysely<Database>,
  partnerId: Partner['id'],
): Promise<{ id: string; transports: string[] }[]> {
  const rows = await db
    .selectFrom('partner_authenticator')
    .select(['credential_id', 'transports'])
    .where('partner_id', '=', partnerId)
    .where('kind', '=', 'passkey')
    .orderBy('created_at')
    .execute();
  return rows.flatMap(({ credential_id: id, transports }) =>
    id === null ? [] : [{ id, transports: transportsSchema.parse(JSON.parse(transports ?? '[]')) }],
  );
}

const toBase64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const fromBase64url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.from(text, 'base64url'));

const rowSchema = z.object({
  id: z.string(),
  partner_id: z.string(),
  credential_id: z.string(),
  public_key: z.string(),
  sign_count: z.number(),
  device_type: z.enum(['singleDevice', 'multiDevice']),
});

async function credentialRow(
  db: Kysely<Database>,
  credentialId: string,
): Promise<z.output<typeof rowSchema> | undefined> {
  const row = await db
    .selectFrom('partner_authenticator')
    .select(['id', 'partner_id', 'credential_id', 'public_key', 'device_type'])
    .select((eb) => eb.cast<number>('sign_count', 'float8').as('sign_count'))
    .where('credential_id', '=', credentialId)
    .where('kind', '=', 'passkey')
    .executeTakeFirst();
  return row && rowSchema.parse(row);
}

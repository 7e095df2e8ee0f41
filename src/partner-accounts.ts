/**
 * Accounts of people without an identity provider: who they are, the codes they are sent, and what keeps others from guessing
 * them. Wired here for compose.ts.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { codeMail } from './codes/codes.ts';
import { createSeal } from './config/config.ts';
import type { Clock, Config } from './config/config.ts';
import type { HeldDomains } from './homerealm/homerealm.ts';
import type { InteractionNeeds } from './interaction/interaction.ts';
import type { LimitTable } from './limits/limits.ts';
import { queueMail } from './mail/mail.ts';
import { createPartners, partnerSealPurpose } from './partners/partners.ts';
import { createSignInSafety } from './sign-in-safety.ts';
import type { Stores } from './storage/storage.ts';

export type PartnerAccounts = ReturnType<typeof createPartnerAccounts>;

/** @param needs.onCommit after a commit that may have queued mails */
export function createPartnerAccounts(needs: {
  readonly config: Config;
  readonly clock: Clock;
  readonly stores: Pick<Stores, 'db' | 'ephemeral'>;
  readonly snapshot: () => HeldDomains;
  readonly limits?: LimitTable | undefined;
  readonly onCommit: () => void;
}) {
  const { config, clock, snapshot, limits, onCommit } = needs;
  const { db, ephemeral } = needs.stores;
  const seal = (purpose: string) => createSeal(config.encryptionKeys, purpose, clock);
  const partners = createPartners({
    db,
    clock,
    randomId: randomUUID,
    random: randomBytes,
    seal: seal(partnerSealPurpose),
    issuer: config.issuer,
    onCommit,
  });
  const safety = createSignInSafety({ config, ephemeral, clock, snapshot, limits });
  const partnerSignIn: InteractionNeeds['partnerSignIn'] = {
    ...safety,
    partners,
    ephemeral,
    challengeSeal: seal('passkey-challenge'),
    async mailCode(mail) {
      await queueMail(db, clock(), [codeMail(mail)], randomUUID);
      onCommit();
    },
  };
  return { ...safety, partners, partnerSignIn };
}

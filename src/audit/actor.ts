import { z } from 'zod';
import { canonicalJson } from '../config/config.ts';

const authorSchema = z.object({
  given_name: z.string(),
  usual_name: z.string(),
  capacity: z.string(),
  organization: z.string(),
});

/** Who acts. The actors of a registration are among them. */
export const auditActorSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('operator'),
    id: z.string().min(1),
    givenName: z.string(),
    usualName: z.string(),
    capacity: z.string(),
    organization: z.string(),
    sirens: z.array(z.string()).readonly().optional(),
    accountId: z.string().optional(),
  }),
  z.object({
    kind: z.literal('applicant'),
    accountId: z.string().min(1),
    givenName: z.string(),
    usualName: z.string(),
    email: z.string(),
  }),
  /** Somebody about their own data: who they are, their account says. */
  z.object({ kind: z.literal('account'), accountId: z.string().min(1) }),
  /** Somebody without an identity provider, before their first sign-in has made an account. */
  z.object({ kind: z.literal('partner'), partnerId: z.string().min(1) }),
  /** Somebody with access to the machine; `author` is who they say decided. */
  z.object({
    kind: z.literal('command_line'),
    user: z.string().min(1).optional(),
    author: authorSchema.optional(),
  }),
  z.object({ kind: z.literal('clock') }),
  /** This program, about what it was shown: nobody decided. */
  z.object({ kind: z.literal('broker') }),
  z.object({ kind: z.literal('register') }),
]);
export type AuditActor = z.output<typeof auditActorSchema>;

/** What an entry says of its actor for ever: no name of a person who did not act for an authority. */
export function actorReference(actor: AuditActor): string {
  switch (actor.kind) {
    case 'operator':
      return `operator:${actor.id}`;
    case 'applicant':
    case 'account':
      return `account:${actor.accountId}`;
    case 'partner':
      return `partner:${actor.partnerId}`;
    case 'command_line':
      return actor.user === undefined ? 'command_line' : `command_line:${actor.user}`;
    case 'clock':
    case 'broker':
    case 'register':
      return actor.kind;
  }
}

/** Those who decide answer for it with name and capacity (CRPA art. L212-1): kept when details are erased. */
export function authorText(actor: AuditActor): string | null {
  const answers = actor.kind === 'operator' || (actor.kind === 'command_line' && actor.author !== undefined);
  return answers ? canonicalJson(actor) : null;
}

/** Names that the law does not ask to keep: they go into the detail, which can be erased. */
export const erasableActor = (actor: AuditActor): AuditActor | undefined =>
  actor.kind === 'applicant' ? actor : undefined;

/*
 * What Maillon keeps of a person, table by table, why, by what right and until when: the one list. The pages say it in
 * words (`locales/`, `data.part`), inventory.test.ts compares it with every column of the database: a migration that adds
 * one has to say here whether it holds something of somebody.
 */

/** In the order in which a person reads them. */
export const parts = [
  'account',
  'identities',
  'partner',
  'memberships',
  'sessions',
  'grants',
  'uses',
  'logouts',
  'requests',
  'evidence',
  'letters',
  'contacts',
  'invitationsSent',
  'invitationsReceived',
  'mails',
  'record',
  'charge',
] as const;
export type Part = (typeof parts)[number];

/** What an erasure does to it: `erased` at once; `kept` for as long as the list says; `both`, case by case (plan.ts). */
export type Fate = 'erased' | 'kept' | 'both';

export interface KeptOfPeople {
  /** Columns that hold something of somebody, or lead to them, by table. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  /** Kept in Redis, or in the process: by the beginning of the key. */
  readonly ephemeral?: readonly string[];
  /** On what the keeping rests. */
  readonly basis: readonly string[];
  readonly erasure: Fate;
}

const publicTask = 'RGPD, art. 6(1)(e)';
const legalDuty = 'RGPD, art. 6(1)(c)';
const security = 'RGPD, art. 5(1)(f) et 32';
/** Files of an administration are public archives: nothing of them is destroyed before its time (art. L212-2, L212-3). */
const archives = 'Code du patrimoine, art. L211-1, L211-4 et L212-2';

export const inventory: Readonly<Record<Part, KeptOfPeople>> = {
  account: {
    columns: {
      account: ['id', 'blocked_by', 'blocked_reason'],
      erasure: ['account_id', 'kept'],
      erasure_request: ['account_id', 'address', 'reason'],
    },
    basis: [publicTask],
    erasure: 'both',
  },
  identities: {
    columns: {
      identity: ['idp_id', 'issuer', 'subject', 'account_id'],
      reconciliation: ['idp_id', 'issuer', 'subject', 'from_account_id', 'to_account_id'],
    },
    basis: [publicTask],
    erasure: 'both',
  },
  partner: {
    columns: {
      partner: ['id', 'given_name', 'usual_name'],
      partner_address: ['id', 'partner_id', 'address', 'spelling', 'comparable'],
      partner_authenticator: [
        'id',
        'partner_id',
        'name',
        'credential_id',
        'public_key',
        'aaguid',
        'transports',
        'secret',
      ],
      partner_recovery_code: ['partner_id', 'hash', 'salt'],
      partner_lost_factors: ['partner_id'],
    },
    basis: [publicTask, security],
    erasure: 'both',
  },
  memberships: {
    columns: {
      declared_membership: ['idp_id', 'subject', 'siret', 'method'],
      membership: [
        'account_id',
        'siren',
        'siret',
        'idp_id',
        'method',
        'given_name',
        'usual_name',
        'email',
        'confirmed_by',
        'revoked_by',
        'revoked_reason',
      ],
      joined_membership: [
        'account_id',
        'siren',
        'siret',
        'method',
        'sponsor_account_id',
        'given_name',
        'usual_name',
        'address',
        'message',
        'answer',
      ],
      joining_event: ['membership_id', 'actor', 'method', 'detail', 'vouched_by'],
      joining_invitation: ['siren', 'siret', 'address', 'token_sha256', 'sponsor_account_id', 'accepted_by'],
      joining_domain_refusal: ['refused_by'],
      joining_refusal: ['fingerprint'],
    },
    basis: [publicTask, security],
    erasure: 'both',
  },
  sessions: {
    columns: {},
    ephemeral: [
      'o:Se:',
      'o:u:',
      'o:al:',
      'o:In:',
      'signin:',
      'signins:',
      'account-code:',
      'account-proof:',
      'kept-form:',
      'operator-sign-in:',
    ],
    basis: [publicTask],
    erasure: 'erased',
  },
  grants: {
    columns: {
      oidc_grant: ['account_id', 'client_id', 'payload', 'snapshot'],
      oidc_refresh_token: ['grant_id', 'client_id', 'payload'],
    },
    ephemeral: ['o:AC:', 'o:AT:', 'o:RT:'],
    basis: [publicTask],
    erasure: 'erased',
  },
  uses: {
    columns: { sign_in_use: ['account_id', 'client_id', 'siret', 'browser', 'system', 'claims'] },
    basis: [publicTask, security],
    erasure: 'erased',
  },
  logouts: {
    columns: { logout_delivery: ['client_id', 'account_id', 'sid'] },
    basis: [publicTask, security],
    erasure: 'kept',
  },
  requests: {
    columns: {
      registration: ['account_id', 'draft', 'taken_by'],
      registration_event: ['event'],
    },
    basis: [publicTask, 'CRPA, art. L112-3, L211-2 et L212-1', archives],
    erasure: 'both',
  },
  evidence: {
    columns: { evidence: ['name', 'content'] },
    basis: [publicTask, 'CRPA, art. L114-5', archives],
    erasure: 'both',
  },
  letters: {
    columns: { letter: ['document'] },
    basis: [legalDuty, 'CRPA, art. L112-3, L211-5 et L221-8', archives],
    erasure: 'both',
  },
  contacts: {
    columns: { registration: ['draft'], registration_event: ['event'], batch_line: ['cells'] },
    basis: [publicTask, 'RGPD, art. 14'],
    erasure: 'kept',
  },
  invitationsSent: {
    columns: {
      invitation: ['sponsor_account_id', 'sponsor_name', 'sponsor_email', 'revoked_by', 'reason'],
    },
    basis: [publicTask, security],
    erasure: 'kept',
  },
  invitationsReceived: {
    columns: { invitation: ['address', 'written_address'] },
    basis: [publicTask, security, 'RGPD, art. 14'],
    erasure: 'kept',
  },
  mails: {
    columns: {
      mail: ['recipient', 'subject', 'text', 'html', 'last_problem'],
      mail_bounce: ['address_sha256', 'address_hmac', 'code'],
    },
    basis: [publicTask],
    erasure: 'both',
  },
  record: {
    columns: { audit_entry: ['subject', 'actor', 'author', 'detail'] },
    basis: [legalDuty, 'RGPD, art. 5(2) et 32', 'CRPA, art. L212-1'],
    erasure: 'both',
  },
  charge: {
    columns: {
      declared_object: ['document'],
      saved_view: ['operator_id', 'name', 'query'],
      policy_draft: ['author_id', 'author', 'second_id', 'second'],
      approval: ['decided_by'],
      register_change: ['author'],
      letter: ['posted_by'],
      batch: [
        'author_id',
        'author',
        'decider_id',
        'decider',
        'undo_author_id',
        'undo_author',
        'undo_decider',
      ],
      operator_proposal: [
        'operator_id',
        'idp_id',
        'subject',
        'document',
        'before',
        'author_id',
        'author',
        'second_id',
        'second',
        'reason',
        'answer',
      ],
      correction_proposal: ['author_id', 'author', 'second_id', 'second'],
      domain_handover: ['first_id', 'first', 'second_id', 'second'],
      operator_removal: [
        'idp_id',
        'issuer',
        'subject',
        'operator_id',
        'document',
        'reason',
        'removed_by_id',
        'removed_by',
      ],
      held_domain: ['held_by'],
      erasure_request: ['asked_by', 'author'],
    },
    basis: [legalDuty, 'CRPA, art. L212-1', archives],
    erasure: 'kept',
  },
};

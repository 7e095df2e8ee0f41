import type { Act, Actor, ActName, ApplicantActor, OperatorActor, SeenFinding, Terms } from '../act.ts';
import { fold, transition } from '../lifecycle.ts';
import type { Circumstances, Outcome } from '../lifecycle.ts';
import type { RegistrationFile } from '../file.ts';

/*
 * The people of a file, and what they say.
 */

export const applicant: ApplicantActor = {
  kind: 'applicant',
  accountId: 'a1',
  givenName: 'Ada',
  usualName: 'Fictive',
  email: 'ada@asso.example',
};
export const stranger: ApplicantActor = { ...applicant, accountId: 'a2', givenName: 'Ivo' };

const operator = (id: string, sirens: readonly string[] = []): OperatorActor => ({
  kind: 'operator',
  id,
  givenName: id,
  usualName: 'Exemple',
  capacity: 'chargée des habilitations',
  organization: 'Direction fictive',
  sirens: [...sirens],
});
export const alice = operator('alice');
export const bob = operator('bob', ['000000299']);
export const carol = operator('carol');
/** Acts for the organization that asks. */
export const mayor = operator('mayor', ['000000299', '000000109']);
export const clock: Actor = { kind: 'clock' };
export const register: Actor = { kind: 'register' };

const moved: readonly SeenFinding[] = [{ service: 'docs', reason: 'renamed', detail: 'A → B' }];
export const refusal: Circumstances = { silence: 'refusal', organizationSiren: '000000109' };
/** The register has moved under the right, and nobody has looked. */
export const registerMoved: Circumstances = { ...refusal, moved };
export const acceptance: Circumstances = { ...refusal, silence: 'acceptance' };

export const reasons = { motive: 'condition_no_longer_met', text: 'Les faits.', rule: 'La règle.' } as const;
export const terms: Terms = {
  level: 'member',
  ground: 'members_all_public_law',
  conditions: [],
  startsOn: '2026-12-15',
  endsOn: '2027-12-31',
};

export const empty: RegistrationFile = fold({ id: 'D-26-7K3QXWPB', accountId: 'a1' }, []);

/** Opened by the administration on its own initiative. */
export const unasked: RegistrationFile = fold({ id: 'D-26-7K3QXWPC', accountId: undefined }, []);

/** Noon in Paris in winter, one in the afternoon in summer. */
export const noon = (day: string): Date => new Date(`${day}T11:00:00Z`);

export interface Said {
  readonly on: string | Date;
  readonly by: Actor;
  readonly act: Act;
}

export const said = (on: string | Date, by: Actor, act: Act): Said => ({ on, by, act });

export const tell = (
  file: RegistrationFile,
  { on, by, act }: Said,
  circumstances: Circumstances = refusal,
): Outcome => transition(file, { actor: by, act, at: typeof on === 'string' ? noon(on) : on }, circumstances);

/** The file after all of that, each of which has to be possible. */
export function after(
  file: RegistrationFile,
  story: readonly Said[],
  circumstances: Circumstances = refusal,
): RegistrationFile {
  let current = file;
  for (const one of story) {
    const outcome = tell(current, one, circumstances);
    if (outcome.kind === 'refused') throw new Error(`${one.act.act}: ${outcome.because}`);
    current = outcome.file;
  }
  return current;
}

/** 'done', or why not. */
export const answer = (file: RegistrationFile, one: Said, circumstances: Circumstances = refusal): string => {
  const outcome = tell(file, one, circumstances);
  return outcome.kind === 'done' ? 'done' : outcome.because;
};

/** Ways to say each act on a service on a day: whatever is possible at all is possible in one of these ways. */
export function waysToSay(name: ActName, service: string, today: string): readonly Act[] {
  const now: Terms = { ...terms, startsOn: today, endsOn: today < terms.endsOn ? terms.endsOn : today };
  const text = 'Un texte.';
  switch (name) {
    case 'submit':
      return [{ act: name, content: {}, services: ['docs', 'tchap'] }];
    case 'supply':
      return [{ act: name, evidence: [], text }];
    case 'withdraw_request':
    case 'take':
    case 'release':
      return [{ act: name }];
    case 'note':
      return [{ act: name, text }];
    case 'ask_pieces':
      return [true, false].map((blocking) => ({ act: name, pieces: ['statutes'], text, days: 30, blocking }));
    case 'see_changes':
      return [[], moved].map((findings) => ({ act: name, text, findings: [...findings] }));
    case 'check_evidence':
      return [{ act: name, evidence: 'e1', verdict: 'accepted', text: '' }];
    case 'transfer':
      return [{ act: name, to: 'Une autre direction' }];
    case 'ask_motives':
    case 'confirm':
    case 'renewal_due':
    case 'expire':
      return [{ act: name, service }];
    // On the page, or by post: today, and on days on which it cannot have been received.
    case 'answer_notice':
    case 'appeal':
      return [undefined, today, '2020-01-01'].map((receivedOn) => ({
        act: name,
        service,
        text,
        ...(receivedOn === undefined ? {} : { receivedOn }),
      }));
    case 'renounce':
      return [today, now.endsOn, '2020-01-01'].map((from) => ({ act: name, service, from, text: '' }));
    case 'decline':
    case 'reinstate':
    case 'close':
      return [{ act: name, service, text }];
    case 'approve':
      return [{ act: name, service, terms: now, text }];
    case 'propose':
      return [
        { act: name, service, proposal: { decision: 'refuse', ...reasons } },
        { act: name, service, proposal: { decision: 'abrogate', ...reasons } },
        { act: name, service, proposal: { decision: 'withdraw', ...reasons, because: 'illegal' } },
        {
          act: name,
          service,
          proposal: { decision: 'withdraw', ...reasons, motive: 'fraud', because: 'fraud' },
        },
        ...[today, now.endsOn, '2020-01-01'].map((from) => ({
          act: name,
          service,
          proposal: { decision: 'renounce' as const, text: '', from, receivedOn: today },
        })),
      ];
    case 'communicate_motives':
    case 'suspend':
    case 'suspend_urgently':
      return [{ act: name, service, ...reasons }];
    case 'notify_suspension':
      return [{ act: name, service, ...reasons, days: 15 }];
    case 'decide_appeal':
      return [
        { act: name, service, outcome: 'upheld', text, rule: 'La règle.' },
        { act: name, service, outcome: 'reversed', terms: now, text, rule: 'La règle.' },
      ];
    case 'silence':
      return [
        { act: name, service, means: 'refusal' },
        { act: name, service, means: 'acceptance' },
      ];
    case 'remind':
      return [90, 30, 7, 60].map((daysLeft) => ({ act: name, service, daysLeft }));
    case 'grant':
      return [undefined, bob].map((proposedBy) => ({
        act: name,
        lot: 'L-26-7K3QXWPB',
        services: ['docs', 'tchap'].map((one) => ({ service: one, terms: now })),
        text,
        ...(proposedBy === undefined ? {} : { proposedBy }),
      }));
    case 'identify':
      return [{ siren: '000000109' }, {}].map((known) => ({ act: name, number: 'W561009999', ...known }));
    case 'revive':
    case 'renewed_by':
      return [{ act: name, service, registration: 'D-27-7K3QXWPB' }];
  }
}

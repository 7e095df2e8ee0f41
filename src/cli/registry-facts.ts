import { randomUUID } from 'node:crypto';
import { proposeCorrection } from '../corrections/corrections.ts';
import type { CorrectionAsked } from '../corrections/corrections.ts';
import { createApprovals } from '../eligibility/eligibility.ts';
import { correctorsOf } from '../operators/operators.ts';
import { issuerIdentifier } from '../provider/provider.ts';
import {
  correctFact,
  correctableFacts,
  decidesRights,
  endCorrection,
  federationOf,
  foreseeCorrection,
  isCorrectable,
  organizationPage,
} from '../register/register.ts';
import type { CorrectableFact } from '../register/register.ts';
import type { Author } from '../organizations/organizations.ts';
import { commandLineActor } from './command-line-actor.ts';
import type { CommandLineActor } from './command-line-actor.ts';
import type { Arguments } from './commands.ts';
import { withPolicyKnowledge } from './policy-knowledge.ts';
import { configOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { UsageError } from './usage-error.ts';
import { withStores } from './with-stores.ts';

export async function registryCorrect(surroundings: Surroundings, given: Arguments): Promise<void> {
  const [organization = '', name = '', text = ''] = given.positionals;
  const fact = factOf(name);
  const decision = decisionOf(given);
  const value = valueOf(fact, text);
  const actor = commandLineActor(surroundings, decision.author);
  if (decidesRights(fact)) {
    surroundings.print(
      await proposed(surroundings, { kind: 'correct', organization, fact, value, ...decision, actor }),
    );
    return;
  }
  await withStores(surroundings, configOf(surroundings), ({ db }) =>
    correctFact(db, { organization, fact, value, ...decision, actor, now: surroundings.clock() }),
  );
  surroundings.print(`Corrected: ${name} of ${organization} is ${text}, whatever the registers say.`);
}

export async function registryEndCorrection(surroundings: Surroundings, given: Arguments): Promise<void> {
  const [organization = '', name = ''] = given.positionals;
  const fact = factOf(name);
  const decision = decisionOf(given);
  const actor = commandLineActor(surroundings, decision.author);
  if (decidesRights(fact)) {
    surroundings.print(await proposed(surroundings, { kind: 'end', organization, fact, ...decision, actor }));
    return;
  }
  await withStores(surroundings, configOf(surroundings), ({ db }) =>
    endCorrection(db, { organization, fact, ...decision, actor, now: surroundings.clock() }),
  );
  surroundings.print(ended(name, organization));
}

const ended = (fact: string, organization: string): string =>
  `The correction has ended: ${fact} of ${organization} is what the registers say.`;

interface Exception extends Pick<CorrectionAsked, 'kind' | 'organization' | 'fact' | 'value' | 'reason'> {
  readonly author: Author;
  readonly actor: CommandLineActor;
}

/** Rights follow from it: it waits for somebody of the console, unless it only takes away. */
async function proposed(surroundings: Surroundings, { author, actor, ...asked }: Exception): Promise<string> {
  const config = configOf(surroundings);
  const { clock } = surroundings;
  const done = await withPolicyKnowledge(surroundings, ({ db, snapshot, territories, exceptions }) =>
    proposeCorrection(
      {
        db,
        clock,
        randomId: randomUUID,
        snapshot: () => snapshot,
        foresee: (connection, one) => foreseeCorrection(connection, one, { territories, exceptions }),
        approvals: (siren) => createApprovals({ db, clock }).forSiren(siren),
        inCharge: correctorsOf({
          snapshot: () => snapshot,
          clock,
          organization: (id) => organizationPage(db, territories, id),
          federationsAbove: async (id) => (await federationOf(db, id)).above.parents,
        }),
        // Another process than this one sends mails, and looks at each access again as it is used.
        onFactsChanged: () => Promise.resolve(),
        onCommit: () => undefined,
        consoleHref: `${issuerIdentifier(config)}/operateur`,
      },
      { ...asked, by: { actor, author } },
    ),
  );
  if (done.kind === 'ended') return ended(asked.fact, asked.organization);
  const names = done.confirmers.map((one) => `${one.given_name} ${one.usual_name} (${one.id})`);
  return [
    `Nothing has changed yet: rights follow from ${asked.fact}, so that a second person decides, in the console (proposal ${done.id}).`,
    names.length === 0
      ? 'Nobody may confirm it today: a decider is needed, within whose perimeter the organization lies, who is neither its own nor the author.'
      : `Who may confirm it, and is told by a mail: ${names.join(', ')}.`,
  ].join('\n');
}

/** `legal-category` or `legalCategory`. */
function factOf(name: string): CorrectableFact {
  const fact = name.replace(/-([a-z])/g, (_dash, letter: string) => letter.toUpperCase());
  if (isCorrectable(fact)) return fact;
  const names = correctableFacts.map((one) => one.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
  throw new UsageError(`"${name}" cannot be corrected: ${names.join(', ')}`);
}

/** As typed; which values are right is the register's to say. */
function valueOf(fact: string, text: string): unknown {
  if (fact === 'rna') return text === 'none' ? null : text;
  if (fact === 'population') return /^[0-9]{1,9}$/.test(text) ? Number(text) : text;
  if (fact !== 'publicService') return text;
  return text === 'none'
    ? { public: false, facets: [] }
    : { public: true, facets: text === 'public' ? [] : text.split(',') };
}

function decisionOf({ values }: Arguments): { readonly reason: string; readonly author: Author } {
  const reason = values.get('reason') ?? '';
  if (reason.trim() === '') throw new UsageError('--reason says why, in one sentence');
  const parts = (values.get('author') ?? '').split(',').map((part) => part.trim());
  const [names = '', capacity = '', ...organization] = parts;
  const [given = '', ...usual] = names.split(' ');
  const author = {
    given_name: given,
    usual_name: usual.join(' '),
    capacity,
    organization: organization.join(', '),
  };
  if (Object.values(author).includes(''))
    throw new UsageError('--author names who decides: "Given Usual, capacity, organization"');
  return { reason, author };
}

import type { Context } from 'koa';
import { policyInForce } from '../eligibility/eligibility.ts';
import type { Policy } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import { language } from '../http/http.ts';
import type { OperatorPolicyPages } from '../http/http.ts';
import {
  diffLines,
  instantOf,
  longestDocument,
  policyText,
  possibleActs,
  readPolicyDocument,
} from '../policies/policies.ts';
import type { Draft, ReadDocument } from '../policies/policies.ts';
import { writesRules } from './charge.ts';
import { concernedShown } from './concerned.ts';
import { policyLines, policyShown } from './decision-shown.ts';
import { personName } from './file-words.ts';
import { ruleList } from './policy-rule-list.ts';
import { parameter, serviceForm, servicePage } from './route.ts';
import type { AskedOfService, Route } from './route.ts';

/*
 * Writing rules: what may be done to a draft is said by policies/ (rules.ts), to which service by the table of roles; the
 * buttons of the page are what both allow.
 */

/** The draft that the address names. @throws BrokerError M-POLI-001 also when it is of another service */
export async function draftOf({ ctx, needs, service }: AskedOfService): Promise<Draft> {
  const draft = await needs.policyDrafts.get(parameter(ctx, 'brouillon'));
  if (draft.service !== service.id)
    throw new BrokerError('M-POLI-001', { detail: `draft ${draft.id} is not of ${service.id}` });
  return draft;
}

export const readDraft = (draft: Draft, document = draft.document): ReadDocument =>
  readPolicyDocument(document, { service: draft.service, version: draft.base + 1 });

export const draftPath = (service: string, id: string): string =>
  `/operateur/services/${service}/brouillons/${id}`;

const acts = {
  save: 'enregistrer',
  propose: 'proposer',
  discard: 'abandonner',
  send_back: 'renvoyer',
  publish: 'publier',
} as const;
const done = ['enregistrer', 'proposer', 'renvoyer', 'regles', 'texte'] as const;
const longestReason = 2000;

interface Answer {
  /** The reason that the form lacks. */
  readonly missing?: boolean;
  /** The draft was changed since the page that was sent: in another tab. */
  readonly overtaken?: boolean;
}

/** @param answer of the form that was sent here */
async function show(asked: AskedOfService, answer?: Answer): Promise<void> {
  const { ctx, me, needs, service, form } = asked;
  const lang = language(ctx);
  const draft = await draftOf(asked);
  // What somebody wrote before signing in again comes before what is stored.
  const document = form.get('document')?.replaceAll('\r\n', '\n') ?? draft.document;
  const read = readDraft(draft, document);
  const policy = read.kind === 'policy' ? read.policy : undefined;
  const versions = (await needs.policyDrafts.versions(service.id)).map((one) => one.policy);
  const isOpen = draft.state === 'draft' || draft.state === 'proposed';
  const here = `${needs.basePath}${draftPath(service.id, draft.id)}`;
  const told = new URLSearchParams(ctx.querystring).get('fait');
  const target = { services: [service.id] };
  const isAuthorGone = isOpen && !writesRules(needs)(draft.authorId, service.id);
  const possible = possibleActs(draft, me.operator.id, isAuthorGone).filter((act) =>
    me.may(act === 'publish' || act === 'send_back' ? 'policy.publish' : 'policy.edit', target),
  );
  const isReadable = policy !== undefined && isOpen;
  const before = policy && policyInForce(versions, instantOf(policy, needs.clock()))?.policy;
  const loses =
    policy !== undefined && possible.includes('publish')
      ? await needs.peopleWhoLose({ before, after: policy })
      : undefined;
  const model: OperatorPolicyPages['operator-policy-draft'] = {
    console: needs.frame(me, 'policies'),
    done: done.find((name) => name === told),
    name: service.name[lang],
    backHref: `${needs.basePath}/operateur/services/${service.id}`,
    version: draft.base + 1,
    base: draft.base,
    state: draft.state,
    by: personName(draft.author),
    second: draft.second && personName(draft.second),
    updatedAt: draft.updatedAt,
    seen: draft.seen,
    reason: form.get('raison') ?? draft.reason,
    document,
    maximum: longestDocument,
    problems:
      read.kind === 'policy'
        ? []
        : read.problems
            .slice(0, 50)
            .map(({ line, kind, name, reason }) => ({ line, kind, name, detail: reason })),
    overtaken: answer?.overtaken === true ? { againHref: here } : undefined,
    isStale: isOpen && (versions[0]?.version ?? 0) !== draft.base,
    isPast: isReadable && policy.valid_from < me.today,
    shown: policy && policyShown(policy, lang),
    editor:
      isReadable && possible.includes('save')
        ? { action: `${here}/regles`, ...ruleList(policy, lang) }
        : undefined,
    changes:
      policy &&
      changes(
        versions.find(({ version }) => version === draft.base),
        policy,
        lang,
      ),
    actions: Object.fromEntries(possible.map((act) => [acts[act], `${here}/${acts[act]}`])),
    isAuthorGone,
    concerned: loses && concernedShown(loses),
    waitsForSecond: draft.state === 'proposed' && !isAuthorGone && !possible.includes('publish'),
    returned: { reason: form.get('motif') ?? '', missing: answer?.missing ?? false },
    previewHref: isReadable && me.may('policy.edit', target) ? `${here}/apercu` : undefined,
    simulate:
      isReadable && me.mayAnywhere('organization.read')
        ? { action: `${needs.basePath}/operateur/simulation`, draft: draft.id }
        : undefined,
  };
  needs.http.renderPage(ctx, 'operator-policy-draft', model, {
    formsStayHere: true,
    ...(answer !== undefined && { status: answer.overtaken === true ? 409 : 422, languageHref: '' }),
  });
}

/**
 * Does it; what was typed on a page that is out of date comes back as it was typed, as long as its author may still write.
 *
 * @throws BrokerError what the work throws, but M-POLI-002 then
 */
export async function orShownAgain(asked: AskedOfService, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const isStale = error instanceof BrokerError && error.code === 'M-POLI-002' && asked.form.has('document');
    if (!isStale || !possibleActs(await draftOf(asked), asked.me.operator.id, false).includes('save'))
      throw error;
    await show(asked, { overtaken: true });
  }
}

function changes(
  before: Policy | undefined,
  after: Policy,
  lang: 'fr' | 'en',
): OperatorPolicyPages['operator-policy-draft']['changes'] {
  if (before === undefined) return undefined;
  const between = (old: string, young: string) => (old === young ? {} : { lines: diffLines(old, young) });
  return {
    words: between(policyLines(before, lang), policyLines(after, lang)),
    text: between(policyText(before), policyText(after)),
  };
}

export function go({ ctx, needs }: AskedOfService, path: string, told?: string): void {
  ctx.status = 303;
  ctx.redirect(`${needs.basePath}${path}${told === undefined ? '' : `?fait=${told}`}`);
}

/** The version of the draft that the page showed. @throws BrokerError M-POLI-002 for none */
export function seenIn(form: URLSearchParams): number {
  const seen = form.get('vu') ?? '';
  if (!/^\d{1,9}$/u.test(seen)) throw new BrokerError('M-POLI-002', { detail: 'no version of the draft' });
  return Number(seen);
}

/** From the last version, or from a former one to roll back to it. Version 0: there is none yet. */
async function start(asked: AskedOfService): Promise<void> {
  const { me, needs, service, form } = asked;
  const from = form.get('de') ?? '';
  if (!/^\d{1,9}$/u.test(from)) throw new BrokerError('M-POLI-001', { detail: `${service.id}@${from}` });
  const draft = await needs.policyDrafts.start({
    service: service.id,
    person: me.actor,
    ...(from !== '0' && { from: Number(from) }),
  });
  go(asked, draftPath(service.id, draft.id));
}

async function saved(asked: AskedOfService): Promise<Draft> {
  const { me, needs, form } = asked;
  const { id } = await draftOf(asked);
  const document = form.get('document');
  if (document === null) throw new BrokerError('M-POLI-006', { detail: 'no document' });
  return needs.policyDrafts.save({
    id,
    seen: seenIn(form),
    person: me.actor,
    // Forms send lines with two characters at their end.
    document: document.replaceAll('\r\n', '\n'),
    reason: (form.get('raison') ?? '').replaceAll('\r\n', '\n'),
  });
}

async function save(asked: AskedOfService): Promise<void> {
  const { id } = await saved(asked);
  go(asked, draftPath(asked.service.id, id), 'enregistrer');
}

/** What stands in the form is kept whatever it is worth; it is proposed when it has no fault. */
async function propose(asked: AskedOfService): Promise<void> {
  const { me, needs, service } = asked;
  const { id, seen, ...rest } = await saved(asked);
  const isRight = readDraft({ id, seen, ...rest }).kind === 'policy';
  if (isRight) await needs.policyDrafts.propose({ id, seen, person: me.actor });
  go(asked, draftPath(service.id, id), isRight ? 'proposer' : 'enregistrer');
}

async function discard(asked: AskedOfService): Promise<void> {
  const { me, needs, service, form } = asked;
  const { id } = await draftOf(asked);
  await needs.policyDrafts.discard({
    id,
    seen: seenIn(form),
    person: me.actor,
    inCharge: writesRules(needs),
  });
  go(asked, `/operateur/services/${service.id}`, 'abandonner');
}

async function sendBack(asked: AskedOfService): Promise<void> {
  const { me, needs, service, form } = asked;
  const { id } = await draftOf(asked);
  const reason = (form.get('motif') ?? '').trim();
  if (reason === '' || reason.length > longestReason) {
    await show(asked, { missing: true });
    return;
  }
  await needs.policyDrafts.sendBack({ id, seen: seenIn(form), person: me.actor, reason });
  go(asked, draftPath(service.id, id), 'renvoyer');
}

async function publish(asked: AskedOfService): Promise<void> {
  const { me, needs, service, form } = asked;
  const { id } = await draftOf(asked);
  await needs.policyDrafts.publish({
    id,
    seen: seenIn(form),
    person: me.actor,
    inCharge: writesRules(needs),
  });
  go(asked, `/operateur/services/${service.id}`, 'publier');
}

const ofService = (ctx: Context): string =>
  `/operateur/services/${encodeURIComponent(parameter(ctx, 'service'))}`;
export const ofDraft = (ctx: Context): string =>
  `${ofService(ctx)}/brouillons/${encodeURIComponent(parameter(ctx, 'brouillon'))}`;
const address = '/operateur/services/:service/brouillons';
export const one = `${address}/:brouillon`;

export const draftRoutes: readonly Route[] = [
  serviceForm({ path: address, action: 'policy.edit', answer: start, formPage: ofService }),
  servicePage({ path: one, action: 'policy.read', answer: (asked) => show(asked) }),
  serviceForm({
    path: `${one}/enregistrer`,
    action: 'policy.edit',
    answer: (asked) => orShownAgain(asked, () => save(asked)),
    formPage: ofDraft,
  }),
  serviceForm({
    path: `${one}/proposer`,
    action: 'policy.edit',
    answer: (asked) => orShownAgain(asked, () => propose(asked)),
    formPage: ofDraft,
  }),
  serviceForm({ path: `${one}/abandonner`, action: 'policy.edit', answer: discard, formPage: ofDraft }),
  ...(
    [
      ['renvoyer', sendBack],
      ['publier', publish],
    ] as const
  ).map(([act, answer]) =>
    serviceForm({
      path: `${one}/${act}`,
      action: 'policy.publish',
      sensitive: true,
      answer,
      formPage: ofDraft,
    }),
  ),
];

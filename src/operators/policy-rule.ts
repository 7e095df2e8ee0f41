import type { Context } from 'koa';
import { BrokerError } from '../errors/errors.ts';
import { language } from '../http/http.ts';
import { editDocument, formOf, refusedAct, ruleOf } from '../policies/policies.ts';
import type { Draft, RulePart, Ruling } from '../policies/policies.ts';
import { draftOf, draftPath, go, ofDraft, one, orShownAgain, readDraft, seenIn } from './policy-draft.ts';
import { fieldOrder, ruleSections } from './policy-rule-fields.ts';
import { markOf, readGesture, rulingLines } from './policy-rule-list.ts';
import type { Gesture } from './policy-rule-list.ts';
import { foundAgain, nameOf } from './policy-rule-place.ts';
import { parameter, serviceForm, servicePage } from './route.ts';
import type { AskedOfService, Route } from './route.ts';

/*
 * Writing rules in words. Every gesture writes the document of the draft, by the same door as the text: the author, the version
 * seen, the parser. A gesture of the draft's page brings what stands in its text along: nothing typed is lost.
 */

const lines = (text: string): string => text.replaceAll('\r\n', '\n');

/** What the buttons beside the text do to the text that was sent with them. */
async function act(asked: AskedOfService): Promise<void> {
  const { me, needs, service, form } = asked;
  const draft = await draftOf(asked);
  const gesture = readGesture(form.get('geste') ?? '');
  const sent = form.get('document');
  if (gesture === undefined || sent === null)
    throw new BrokerError('M-POLI-006', { detail: 'no gesture, or no document' });
  const typed = lines(sent);
  const isRight = readDraft(draft, typed).kind === 'policy';
  const moved = isRight ? changedBy(gesture, draft, typed) : undefined;
  await needs.policyDrafts.save({
    id: draft.id,
    seen: seenIn(form),
    person: me.actor,
    document: moved?.document ?? typed,
    reason: lines(form.get('raison') ?? ''),
  });
  const here = draftPath(service.id, draft.id);
  if (!isRight) go(asked, here, 'enregistrer');
  else if (moved === undefined) go(asked, here, 'texte');
  else if (moved.place === undefined) go(asked, here, 'regles');
  else go(asked, `${here}/regles/${moved.place}`);
}

const words = { rules: 'regle', guards: 'garde' } as const;
const kinds = { monter: 'up', descendre: 'down', retirer: 'remove' } as const;

/** Undefined: the text is not what the page showed, or it can only be done by hand. */
function changedBy(
  gesture: Gesture,
  draft: Draft,
  typed: string,
): { readonly document: string; readonly place?: string } | undefined {
  if (gesture.kind === 'ajouter') return { document: typed, place: `${words[gesture.part]}-nouvelle` };
  const { kind, part, index, mark } = gesture;
  const ruling = rulingAt(draft, typed, part, index);
  if (ruling === undefined || markOf(ruling) !== mark) return undefined;
  if (kind === 'modifier') return { document: typed, place: `${words[part]}-${index + 1}` };
  const edited = editDocument(typed, { part, kind: kinds[kind], index });
  return edited.kind === 'document' ? { document: edited.document } : undefined;
}

function rulingAt(draft: Draft, document: string, part: RulePart, index: number): Ruling | undefined {
  const read = readDraft(draft, document);
  return read.kind === 'policy' ? read.policy[part][index] : undefined;
}

interface Place {
  readonly draft: Draft;
  readonly part: RulePart;
  /** Undefined: a new one. */
  readonly index: number | undefined;
  readonly held: URLSearchParams;
}

/** @throws BrokerError M-POLI-003, M-POLI-005: who may not write it now */
function assertMine({ ctx, me }: AskedOfService, draft: Draft): void {
  const refused = refusedAct(draft, 'save', me.operator.id);
  if (refused !== undefined)
    throw new BrokerError(refused, { detail: `${me.operator.id}: ${parameter(ctx, 'place')}` });
}

/** What the address names, for somebody who may write it now. @throws BrokerError M-POLI-001, M-POLI-003, M-POLI-005 */
async function placeOf(asked: AskedOfService): Promise<Place> {
  const draft = await draftOf(asked);
  const place = parameter(asked.ctx, 'place');
  assertMine(asked, draft);
  const [, word = '', rank = ''] = /^(regle|garde)-(nouvelle|[1-9]\d{0,4})$/u.exec(place) ?? [];
  const part = word === 'garde' ? 'guards' : 'rules';
  const none = new BrokerError('M-POLI-001', { detail: `draft ${draft.id}: ${place}` });
  if (word === '' || readDraft(draft).kind !== 'policy') throw none;
  if (rank === 'nouvelle') {
    const first = part === 'rules' ? { niveau: 'member', fondement: 'public_service' } : {};
    return { draft, part, index: undefined, held: new URLSearchParams(first) };
  }
  const index = Number(rank) - 1;
  const ruling = rulingAt(draft, draft.document, part, index);
  const held = ruling && formOf(ruling, draft.service);
  if (held === undefined) throw none;
  return { draft, part, index, held };
}

interface Answer {
  readonly errors?: readonly string[];
  readonly byHand?: boolean;
  /** The text has changed since the form was opened. */
  readonly stale?: 'same' | 'changed' | 'gone' | 'unreadable';
}

function show(asked: AskedOfService, { draft, part, index, held }: Place, answer?: Answer): void {
  const { ctx, me, needs, service, form } = asked;
  const lang = language(ctx);
  const here = `${needs.basePath}${draftPath(service.id, draft.id)}`;
  const { errors = [], byHand = false, stale } = answer ?? {};
  const read = readDraft(draft);
  const policy = read.kind === 'policy' ? read.policy : undefined;
  const ruling = index === undefined ? undefined : policy?.[part][index];
  needs.http.renderPage(
    ctx,
    'operator-policy-rule',
    {
      console: needs.frame(me, 'policies'),
      name: service.name[lang],
      version: draft.base + 1,
      part,
      isNew: index === undefined,
      backHref: here,
      action: `${here}/regles/${placeName(part, index)}`,
      seen: draft.seen,
      // While the text cannot be read, nobody knows where the rule is: what the form came from is asked again then.
      ...(stale === 'unreadable'
        ? originOf(form)
        : {
            mark: ruling === undefined ? '' : markOf(ruling),
            id: ruling === undefined ? '' : nameOf(ruling),
          }),
      stale: stale && {
        words: stale,
        lines: stale === 'changed' && policy && ruling ? rulingLines(policy, ruling, lang) : [],
      },
      errors: fieldOrder.filter((field) => errors.includes(field)),
      byHand,
      // What somebody wrote, before signing in again or with faults, comes before what is stored.
      sections: ruleSections(part, form.has('vu') ? form : held, { service: service.id, lang }),
    },
    {
      formsStayHere: true,
      ...(answer !== undefined && { status: stale === undefined ? 422 : 409, languageHref: '' }),
    },
  );
}

const placeName = (part: RulePart, index: number | undefined): string =>
  `${words[part]}-${index === undefined ? 'nouvelle' : index + 1}`;

const originOf = (form: URLSearchParams) => ({ mark: form.get('marque') ?? '', id: form.get('regle') ?? '' });

/** What was typed is shown again, about the rule where it stands now: nothing is written into another one's place. */
function showStale(asked: AskedOfService, draft: Draft): void {
  const { ctx, form } = asked;
  const part = parameter(ctx, 'place').startsWith(words.guards) ? 'guards' : 'rules';
  const read = readDraft(draft);
  if (read.kind !== 'policy') {
    show(asked, { draft, part, index: undefined, held: form }, { stale: 'unreadable' });
    return;
  }
  const found = foundAgain({ part, ...originOf(form) }, read.policy);
  show(asked, { draft, part, index: found.index, held: form }, { stale: found.kind });
}

async function showRule(asked: AskedOfService): Promise<void> {
  show(asked, await placeOf(asked));
}

async function saveRule(asked: AskedOfService): Promise<void> {
  const { me, needs, service, form } = asked;
  const seen = seenIn(form);
  const current = await draftOf(asked);
  assertMine(asked, current);
  // The place is one of the text that the page showed.
  if (current.seen !== seen || readDraft(current).kind !== 'policy') {
    showStale(asked, current);
    return;
  }
  const place = await placeOf(asked);
  const { draft, part, index } = place;
  const value = ruleOf(form, part, service.id);
  const edited = editDocument(
    draft.document,
    index === undefined ? { part, kind: 'add', value } : { part, kind: 'replace', index, value },
  );
  if (edited.kind !== 'document') {
    show(asked, place, {
      errors: edited.kind === 'fields' ? edited.fields : [],
      byHand: edited.kind === 'by_hand',
    });
    return;
  }
  try {
    await needs.policyDrafts.save({
      id: draft.id,
      seen,
      person: me.actor,
      document: edited.document,
      reason: draft.reason,
    });
  } catch (error) {
    if (!(error instanceof BrokerError) || error.code !== 'M-POLI-002') throw error;
    // Another tab was faster, between the reading and the writing.
    const now = await draftOf(asked);
    assertMine(asked, now);
    showStale(asked, now);
    return;
  }
  go(asked, draftPath(service.id, draft.id), 'regles');
}

const ofRule = (ctx: Context): string =>
  `${ofDraft(ctx)}/regles/${encodeURIComponent(parameter(ctx, 'place'))}`;

export const ruleRoutes: readonly Route[] = [
  serviceForm({
    path: `${one}/regles`,
    action: 'policy.edit',
    answer: (asked) => orShownAgain(asked, () => act(asked)),
    formPage: ofDraft,
  }),
  servicePage({ path: `${one}/regles/:place`, action: 'policy.edit', answer: showRule }),
  serviceForm({ path: `${one}/regles/:place`, action: 'policy.edit', answer: saveRule, formPage: ofRule }),
];

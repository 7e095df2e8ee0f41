import { batchDecisionSchema, beginsOn, endProblem } from '../batches/batches.ts';
import type { BatchDecision } from '../batches/batches.ts';
import { grounds, levels } from '../eligibility/eligibility.ts';
import { language } from '../http/http.ts';
import type { OperatorLotPages } from '../http/http.ts';
import { lotForm, lotPage, ofLot } from './lot-route.ts';
import type { AskedOfLot } from './lot-route.ts';
import { listForm, listPage } from './route.ts';
import type { Asked, Route } from './route.ts';

/*
 * What a lot decides, once for every organization of its list.
 */

type Form = OperatorLotPages['operator-lot-form'];
type Problem = Form['problems'][number];

type DecisionRead =
  | { readonly kind: 'decision'; readonly decision: BatchDecision }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

const fieldOf: Readonly<Record<string, string>> = {
  services: 'services',
  level: 'niveau',
  ground: 'fondement',
  conditions: 'conditions',
  startsOn: 'du',
  endsOn: 'au',
  text: 'texte',
  rule: 'regle',
};
const names = ['niveau', 'fondement', 'conditions', 'du', 'au', 'texte'] as const;

/** @param offered services that this person may decide about */
export function readDecision(sent: URLSearchParams, offered: readonly string[], today: string): DecisionRead {
  const text = (name: string): string => (sent.get(name) ?? '').replaceAll('\r\n', '\n').trim();
  const read = batchDecisionSchema.safeParse({
    services: [...new Set(sent.getAll('services'))].filter((id) => offered.includes(id)),
    level: text('niveau'),
    ground: text('fondement'),
    conditions: text('conditions')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
    startsOn: text('du'),
    endsOn: text('au'),
    text: text('texte'),
    rule: text('regle'),
  });
  if (!read.success) {
    const problems = new Map<string, Problem>();
    for (const { path, code } of read.error.issues) {
      const field = fieldOf[String(path[0])] ?? 'texte';
      if (problems.has(field)) continue;
      const isMissing = field === 'services' || text(field) === '';
      problems.set(field, { field, code: isMissing ? 'missing' : code === 'too_big' ? 'long' : 'invalid' });
    }
    const order = Object.values(fieldOf);
    return {
      kind: 'problems',
      problems: [...problems.values()].toSorted((a, b) => order.indexOf(a.field) - order.indexOf(b.field)),
    };
  }
  const { startsOn, endsOn } = read.data;
  const far = endProblem(beginsOn(read.data, today), endsOn);
  const problems = [
    ...(startsOn < today ? [{ field: 'du', code: 'past' }] : []),
    ...(far === undefined ? [] : [{ field: 'au', code: far }]),
  ];
  return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'decision', decision: read.data };
}

const servicesOf = ({ me, needs }: Asked): readonly string[] =>
  [...needs.snapshot().services.keys()].filter(
    (id) => me.operator.perimeter?.services?.includes(id) !== false,
  );

function show(
  asked: Asked,
  about: Pick<Form, 'id' | 'seen' | 'action' | 'backHref'>,
  before: BatchDecision | undefined,
  problems: readonly Problem[] = [],
): void {
  const { ctx, me, needs, form: sent } = asked;
  const lang = language(ctx);
  const isTyped = [...sent.keys()].some((name) => names.some((one) => one === name));
  const kept: Readonly<Record<(typeof names)[number] | 'regle', string>> = {
    niveau: before?.level ?? 'guest',
    fondement: before?.ground ?? '',
    conditions: before?.conditions.join('\n') ?? '',
    du: before === undefined ? me.today : beginsOn(before, me.today),
    au: before?.endsOn ?? `${Number(me.today.slice(0, 4)) + 2}-12-31`,
    texte: before?.text ?? '',
    regle: before?.rule ?? '',
  };
  const value = (name: keyof typeof kept): string => (isTyped ? (sent.get(name) ?? '') : kept[name]);
  const chosen = isTyped ? sent.getAll('services') : (before?.services ?? []);
  const lists: Partial<Record<string, readonly string[]>> = { niveau: levels, fondement: grounds };
  const model: Form = {
    console: needs.frame(me, 'lots'),
    ...about,
    services: servicesOf(asked).map((id) => ({
      id,
      name: needs.snapshot().services.get(id)?.name[lang] ?? id,
      chosen: chosen.includes(id),
    })),
    fields: names.map((name) => ({
      name,
      value: value(name),
      options: lists[name]?.map((option) => ({ value: option, chosen: option === value(name) })),
      problem: problems.find(({ field }) => field === name)?.code,
    })),
    rule: value('regle'),
    problems,
  };
  needs.http.renderPage(ctx, 'operator-lot-form', model, {
    formsStayHere: true,
    ...(problems.length > 0 && { status: 422, languageHref: '' }),
  });
}

const aboutNew = ({ needs: { basePath } }: Asked) => ({
  action: `${basePath}/operateur/lots`,
  backHref: `${basePath}/operateur/lots`,
});
const aboutLot = ({ needs: { basePath }, opened: { batch } }: AskedOfLot) => {
  const here = `${basePath}/operateur/lots/${batch.id}`;
  return { id: batch.id, seen: batch.seen, action: `${here}/decision`, backHref: here };
};

async function start(asked: Asked): Promise<void> {
  const { ctx, me, needs, form } = asked;
  const read = readDecision(form, servicesOf(asked), me.today);
  if (read.kind === 'problems') {
    show(asked, aboutNew(asked), undefined, read.problems);
    return;
  }
  const id = await needs.batches.start(read.decision, me.actor);
  ctx.status = 303;
  ctx.redirect(`${needs.basePath}/operateur/lots/${id}?fait=commencer`);
}

async function save(asked: AskedOfLot): Promise<void> {
  const { ctx, me, needs, form, opened, viewer } = asked;
  const { id, decision } = opened.batch;
  const read = readDecision(form, servicesOf(asked), me.today);
  if (read.kind === 'problems') {
    show(asked, aboutLot(asked), decision, read.problems);
    return;
  }
  await needs.batches.saveDecision({ id, seen: seenIn(form), viewer }, read.decision);
  ctx.status = 303;
  ctx.redirect(`${needs.basePath}/operateur/lots/${id}?fait=enregistrer`);
}

/** The version of the lot that the page showed; what cannot be read has seen nothing. */
export function seenIn(sent: URLSearchParams): number {
  const written = sent.get('vu') ?? '';
  return /^\d{1,9}$/u.test(written) ? Number(written) : 0;
}

const now =
  <A>(work: (asked: A) => void) =>
  (asked: A): Promise<void> => {
    work(asked);
    return Promise.resolve();
  };

export const lotFormRoutes: readonly Route[] = [
  listPage({
    path: '/operateur/lots/nouveau',
    action: 'bulk.prepare',
    answer: now((asked: Asked) => show(asked, aboutNew(asked), undefined)),
  }),
  listForm({
    path: '/operateur/lots',
    action: 'bulk.prepare',
    sensitive: true,
    formPage: () => '/operateur/lots/nouveau',
    answer: start,
  }),
  lotPage({
    path: '/operateur/lots/:lot/decision',
    action: 'bulk.prepare',
    answer: now((asked: AskedOfLot) => show(asked, aboutLot(asked), asked.opened.batch.decision)),
  }),
  lotForm({
    path: '/operateur/lots/:lot/decision',
    action: 'bulk.prepare',
    sensitive: true,
    formPage: (ctx) => `${ofLot(ctx)}/decision`,
    answer: save,
  }),
];

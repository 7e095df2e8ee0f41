import type { OperatorPersonsPage } from '../http/http.ts';
import { longestReason, personsPath, textOf } from './person-form.ts';
import type { Asked } from './route.ts';

const dones = new Map([
  ['prepare', 'asked'],
  ['abandonne', 'dropped'],
  ['bloque', 'blocked'],
  ['debloque', 'unblocked'],
] as const);

/** `/operateur/personnes`: the form, what it found, and the erasures that wait for a second person. */
export async function showList(
  { ctx, me, needs, form }: Asked,
  more: Partial<Pick<OperatorPersonsPage, 'problems' | 'found' | 'alone' | 'plan'>> = {},
): Promise<void> {
  const { problems = [], found, alone, plan } = more;
  const waiting = me.mayAnywhere('person.erase') ? await needs.personalData.written.list(me) : undefined;
  const action = `${needs.basePath}${personsPath}`;
  const done = [...dones].find(([name]) => name === ctx.query['fait'])?.[1];
  const model: OperatorPersonsPage = {
    console: needs.frame(me, 'persons'),
    action,
    typed: textOf(form, 'qui').slice(0, 400),
    reason: textOf(form, 'motif').slice(0, longestReason),
    problems,
    found,
    alone,
    plan,
    done: plan === undefined ? done : 'erased',
    waiting: waiting?.requests.map(({ accountId: account, address, reason, author, askedAt }) => ({
      account,
      address,
      reason,
      askedBy: nameOfOperator(author.id, needs),
      askedAt,
    })),
    further: waiting === undefined ? 0 : waiting.count - waiting.requests.length,
  };
  needs.http.renderPage(ctx, 'operator-persons', model, {
    formsStayHere: true,
    status: problems.length > 0 ? 422 : 200,
    languageHref: ctx.method === 'POST' ? action : undefined,
  });
}

export function nameOfOperator(id: string, { snapshot }: Pick<Asked['needs'], 'snapshot'>): string {
  const operator = snapshot().operators.get(id);
  return operator === undefined ? id : `${operator.given_name} ${operator.usual_name}`;
}

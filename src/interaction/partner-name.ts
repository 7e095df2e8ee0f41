import type { Context } from 'koa';
import { BrokerError } from '../errors/errors.ts';
import { language, readForm } from '../http/http.ts';
import type { Pages } from '../http/http.ts';
import type { Current } from './current.ts';
import type { InteractionNeeds } from './needs.ts';
import { backOf, pathOf, serviceName } from './page-parts.ts';
import { goOn, stepHere, stepPage } from './partner-next.ts';

type NamePage = Pages['partner-name'];

/** The first sign-in with a mailbox: who is it? Until they say so, there is no account. */
export const showName = stepPage('name', (ctx, current, needs, { progress }) => {
  namePage(ctx, current, needs, { email: progress.address, givenName: '', usualName: '' });
});

/** @throws BrokerError M-PART-004 (another spelling of the address has an account), M-PART-020 */
export async function submitName(ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> {
  const form = await readForm(ctx);
  const { progress } = await stepHere(current, needs, 'name');
  const { partners } = needs.partnerSignIn;
  const names = { givenName: form.get('given_name') ?? '', usualName: form.get('usual_name') ?? '' };
  try {
    const partner = await partners.create(progress.address, names);
    await goOn(ctx, current, needs, { ...progress, partner: partner.id });
  } catch (error) {
    if (!(error instanceof BrokerError) || error.code !== 'M-PART-003') throw error;
    const wrong = isNameLike(names.givenName) ? 'usual_name' : 'given_name';
    namePage(ctx, current, needs, { email: progress.address, ...names, error: wrong });
  }
}

/** Which of the two was refused: the rule itself is that of partners/. */
const isNameLike = (typed: string): boolean => /^[\p{L}\p{M}' ’.-]{1,100}$/u.test(typed.trim());

function namePage(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  said: Pick<NamePage, 'email' | 'givenName' | 'usualName' | 'error'>,
): void {
  const { uid } = current.interaction;
  const lang = language(ctx);
  needs.http.renderPage(
    ctx,
    'partner-name',
    {
      ...said,
      service: serviceName(current.service, lang),
      back: backOf(current, needs),
      action: pathOf(uid, '/name', needs),
    },
    {
      status: said.error === undefined ? 200 : 422,
      languageHref: `${pathOf(uid, '/name', needs)}?lang=${lang === 'fr' ? 'en' : 'fr'}`,
    },
  );
}

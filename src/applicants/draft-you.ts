import type { FormStep } from './draft-page.ts';
import { dayShown, dayTyped } from './typed-day.ts';

/** In what capacity; the name and the address come from the sign-in. */
export const youStep: FormStep = {
  step: 'vous',
  async read(form) {
    await Promise.resolve();
    return {
      acting: {
        capacity: form.get('acting-capacity') ?? '',
        mandateUntil: dayTyped(form.get('acting-mandateUntil') ?? ''),
      },
    };
  },
  async show(ctx, { visitor, opened, frame, status }, { http, snapshot }) {
    await Promise.resolve();
    const { capacity, mandateUntil } = opened.content.acting;
    http.renderPage(
      ctx,
      'applicants/you',
      {
        ...frame,
        name: `${visitor.givenName} ${visitor.usualName}`.trim(),
        email: visitor.email,
        idp: snapshot().identityProviders.get(visitor.idp)?.name,
        capacity,
        mandateUntil: dayShown(mandateUntil),
      },
      { status, formsStayHere: true },
    );
  },
};

import { language } from '../http/http.ts';
import type { FieldProblem } from '../http/http.ts';
import type { FormStep } from './draft-page.ts';
import { choicesOf } from './service-choices.ts';

/** Which services, and for each what for, how many people, and that its terms of use are accepted. */
export const servicesStep: FormStep = {
  step: 'services',
  async read(form, { opened }, needs) {
    const { free } = await choicesOf(opened, needs);
    const ticked = new Set(form.getAll('services'));
    const now = needs.clock().toISOString();
    return {
      services: free
        .filter(({ id }) => ticked.has(id))
        .map(({ id }) => {
          const before = opened.content.services.find((one) => one.id === id);
          const accepted = form.get(`services-${id}-termsAcceptedAt`) === 'oui';
          return {
            id,
            why: form.get(`services-${id}-why`) ?? '',
            users: form.get(`services-${id}-users`) ?? '',
            ...(accepted ? { termsAcceptedAt: before?.termsAcceptedAt ?? now } : {}),
          };
        }),
    };
  },
  /** The page does not offer them: another tab, or somebody who writes their own requests. */
  async beside(form, { opened }, needs) {
    const { free, others } = await choicesOf(opened, needs);
    return form
      .getAll('services')
      .filter((id) => !free.some((service) => service.id === id))
      .slice(0, 5)
      .map((id): FieldProblem => {
        const other = others.find(({ service }) => service.id === id);
        const words = { open: 'services_id_open', asked: 'services_id_already_asked' } as const;
        return {
          field: 'services',
          words: other === undefined ? 'services_id_service_unknown' : words[other.words],
          about: (other?.service.name.fr ?? id).slice(0, 80),
        };
      });
  },
  async show(ctx, { opened, frame, status }, needs) {
    const lang = language(ctx);
    const { free, others } = await choicesOf(opened, needs);
    needs.http.renderPage(
      ctx,
      'applicants/services',
      {
        ...frame,
        services: free.map(({ id, name, description, decided_by: decidedBy, url, terms_url: termsHref }) => {
          const asked = opened.content.services.find((one) => one.id === id);
          return {
            id,
            name: name[lang],
            description: description[lang],
            decidedBy: decidedBy.name[lang],
            chosen: asked !== undefined,
            why: asked?.why ?? '',
            users: asked?.users ?? '',
            accepted: asked?.termsAcceptedAt !== undefined,
            href: url,
            termsHref,
          };
        }),
        others: others.map(({ service, words, endsOn }) => ({ name: service.name[lang], words, endsOn })),
      },
      { status, formsStayHere: true },
    );
  },
};

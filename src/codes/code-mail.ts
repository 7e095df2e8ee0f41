import { nameInMail, plainMail } from '../http/http.ts';
import type { Mail } from '../mail/mail.ts';
import type { CodePurpose } from './code-holder.ts';

export type CodeMail = {
  readonly to: string;
  readonly code: string;
  /** Name of the service that asks, as declared: one for both languages, or one each. */
  readonly service: string | { readonly fr: string; readonly en: string };
} & (
  | { readonly purpose: Exclude<CodePurpose, 'reconcile'> }
  /** `idp`: name of the identity provider that is linked to the account of the address `to`. */
  | { readonly purpose: 'reconcile'; readonly idp: string }
);

/** Characters: the mail of a code stays short. */
const longestName = 80;

interface Words {
  readonly subject: string;
  readonly fr: (service: string) => string;
  readonly en: (service: string) => string;
  /** The code goes to an organization, which hands it over itself. */
  readonly handedOver?: true;
}

const words: Readonly<Record<Exclude<CodePurpose, 'reconcile'>, Words>> = {
  sign_in: {
    subject: 'Votre code de connexion · Your sign-in code',
    fr: (service) => `Votre code pour vous connecter à « ${service} » est :`,
    en: (service) => `Your code to sign in to “${service}” is:`,
  },
  second_factor: {
    subject: 'Votre code de vérification · Your verification code',
    fr: (service) => `Votre code pour confirmer que c’est bien vous, pour « ${service} », est :`,
    en: (service) => `Your code to confirm that it is you, for “${service}”, is:`,
  },
  new_address: {
    subject: 'Confirmez votre adresse · Confirm your address',
    fr: (service) => `Votre code pour ajouter cette adresse à votre compte, dans « ${service} », est :`,
    en: (service) => `Your code to add this address to your account, in “${service}”, is:`,
  },
  official_contact: {
    subject: 'Code demandé pour votre organisation · Code for your organization',
    fr: (service) =>
      `Une personne demande à agir au nom de votre organisation, dans « ${service} ». Le code qui le lui permet est :`,
    en: (service) =>
      `Somebody asks to act for your organization, in “${service}”. The code that allows it is:`,
    handedOver: true,
  },
  organization_domain: {
    subject: 'Code demandé pour un nom de domaine · Code for a domain name',
    fr: (service) =>
      `Une personne demande à rattacher un nom de domaine à votre organisation, dans « ${service} ». Le code qui le lui permet est :`,
    en: (service) =>
      `Somebody asks to attach a domain name to your organization, in “${service}”. The code that allows it is:`,
    handedOver: true,
  },
};

/** Both identities are named: nobody links what they did not mean to. */
function wordsOfLink({ idp, to }: Extract<CodeMail, { purpose: 'reconcile' }>): Words {
  const [by, account] = [nameInMail(idp, longestName), nameInMail(to)];
  return {
    subject: 'Votre code pour relier vos comptes · Your code to link your accounts',
    fr: (service) =>
      `Votre code pour relier votre connexion avec « ${by} » au compte de l’adresse « ${account} », dans « ${service} », est :`,
    en: (service) =>
      `Your code to link your sign-in with “${by}” to the account of the address “${account}”, in “${service}”, is:`,
  };
}

/**
 * The mail of a code: short, French then English, no link, and nothing that a person typed. It says what it is for, that
 * nobody ever asks for it, and what to do when one asked for nothing.
 */
export function codeMail(about: CodeMail): Mail {
  const { to, code, service, purpose } = about;
  const { subject, fr, en, handedOver } =
    about.purpose === 'reconcile' ? wordsOfLink(about) : words[about.purpose];
  const names = typeof service === 'string' ? { fr: service, en: service } : service;
  const mail = plainMail({
    to,
    subject,
    sentences: [
      fr(nameInMail(names.fr, longestName)),
      code,
      'Il sert une seule fois, pendant une heure, dans le navigateur où il a été demandé.',
      ...(handedOver === true
        ? [
            'Donnez-le seulement à une personne que vous connaissez et qui agit pour votre organisation. Aucun service public ne vous le demandera, ni par téléphone, ni par message.',
            'Vous ne savez pas qui le demande ? Ne faites rien : sans ce code, rien ne change.',
          ]
        : [
            'Ne le donnez à personne : aucun service ne vous le demandera, ni par téléphone, ni par message.',
            'Vous n’avez rien demandé ? Ne faites rien : sans ce code, rien ne change.',
          ]),
    ],
    english: [
      en(nameInMail(names.en, longestName)),
      code,
      'It works once, for one hour, in the browser where it was asked for.',
      ...(handedOver === true
        ? [
            'Give it only to somebody whom you know and who acts for your organization. No public service will ask you for it, by phone or by message.',
            'You do not know who asks for it? Do nothing: without this code, nothing changes.',
          ]
        : [
            'Give it to nobody: no service will ask you for it, by phone or by message.',
            'You asked for nothing? Do nothing: without this code, nothing changes.',
          ]),
    ],
    about: `code:${purpose}`,
  });
  return { ...mail, secret: true };
}

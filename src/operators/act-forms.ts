import type { ActName, Proposal } from '../registrations/registrations.ts';
import type { Action } from './roles.ts';

/*
 * The acts that the console offers, each with the role that it needs and the fields of its form. What is not in this table
 * cannot be asked for: there is no route for it.
 */

export const actFields = [
  'niveau',
  'fondement',
  'conditions',
  'du',
  'au',
  'motif',
  'regle',
  'texte',
  'cause',
  'issue',
  'jours',
  'pieces',
  'bloquant',
  'piece',
  'verdict',
  'recu',
  'cesse',
  'autorite',
] as const;
export type ActField = (typeof actFields)[number];

export interface ActForm {
  /** In addresses. */
  readonly slug: string;
  readonly act: ActName;
  /** Of `propose`. */
  readonly decision?: Proposal['decision'];
  readonly action: Action;
  /** Of the whole file, or of one service of it. */
  readonly of: 'file' | 'service';
  /** The letter is shown before, and goes with the act: nothing is sent that was not read. */
  readonly previewed: boolean;
  /** Asks for a recent sign-in. */
  readonly sensitive: boolean;
  readonly fields: readonly ActField[];
}

const reasons = ['motif', 'texte', 'regle'] as const satisfies readonly ActField[];
const terms = ['niveau', 'fondement', 'conditions', 'du', 'au'] as const satisfies readonly ActField[];

const examining = { action: 'file.examine', of: 'file', previewed: false, sensitive: false } as const;
/**
 * What came by post or by word of mouth: whoever opens the post records it, and decides nothing. It commits the
 * organization: a recent sign-in, and a letter that tells it what was written down.
 */
const recording = {
  ...examining,
  of: 'service',
  previewed: true,
  sensitive: true,
  fields: ['recu', 'texte'],
} as const;
const deciding = { action: 'file.decide', of: 'service', previewed: true, sensitive: true } as const;

export const actForms: readonly ActForm[] = [
  { slug: 'prendre', act: 'take', ...examining, fields: [] },
  { slug: 'liberer', act: 'release', ...examining, fields: [] },
  { slug: 'noter', act: 'note', ...examining, action: 'note.write', fields: ['texte'] },
  { slug: 'verifier', act: 'check_evidence', ...examining, fields: ['piece', 'verdict', 'texte'] },
  { slug: 'marquer-vu', act: 'see_changes', ...examining, fields: ['texte'] },
  {
    slug: 'demander',
    act: 'ask_pieces',
    ...examining,
    previewed: true,
    fields: ['pieces', 'texte', 'jours', 'bloquant'],
  },
  { slug: 'transmettre', act: 'transfer', ...examining, previewed: true, fields: ['autorite'] },
  { slug: 'observations', act: 'answer_notice', ...recording },
  { slug: 'recours-recu', act: 'appeal', ...recording },
  {
    slug: 'renonciation',
    act: 'propose',
    decision: 'renounce',
    ...deciding,
    fields: ['recu', 'cesse', 'texte'],
  },
  { slug: 'agreer', act: 'approve', ...deciding, fields: [...terms, 'texte'] },
  { slug: 'refuser', act: 'propose', decision: 'refuse', ...deciding, fields: reasons },
  { slug: 'abroger', act: 'propose', decision: 'abrogate', ...deciding, fields: reasons },
  { slug: 'retirer', act: 'propose', decision: 'withdraw', ...deciding, fields: ['cause', ...reasons] },
  { slug: 'confirmer', act: 'confirm', ...deciding, action: 'file.confirm', fields: [] },
  {
    slug: 'decliner',
    act: 'decline',
    ...deciding,
    action: 'file.confirm',
    previewed: false,
    fields: ['texte'],
  },
  { slug: 'motiver', act: 'communicate_motives', ...deciding, fields: reasons },
  { slug: 'prevenir', act: 'notify_suspension', ...deciding, fields: [...reasons, 'jours'] },
  { slug: 'suspendre', act: 'suspend', ...deciding, fields: reasons },
  { slug: 'suspendre-urgence', act: 'suspend_urgently', ...deciding, fields: reasons },
  { slug: 'retablir', act: 'reinstate', ...deciding, fields: ['texte'] },
  {
    slug: 'recours',
    act: 'decide_appeal',
    ...deciding,
    action: 'appeal.decide',
    fields: ['issue', 'texte', 'regle', ...terms],
  },
];

/** What was received on paper is the organization's to say, not the operator's to explain. */
export const fieldWords = ({ fields }: ActForm, field: ActField): string =>
  field === 'texte' && fields.includes('recu') ? 'texteRecu' : field;

export const actForm = (slug: string | null | undefined): ActForm | undefined =>
  actForms.find((form) => form.slug === slug);

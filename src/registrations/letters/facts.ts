import type { Ground, Level } from '../../eligibility/eligibility.ts';

/**
 * What letters are made of: plain data, gathered by the caller. Days are civil days in Paris, `2026-11-22`. Sentences
 * (`reason.motive`, `reason.text`…) are French, as people wrote or chose them.
 */

/** The service in charge and how to reach it (CRPA art. R112-5 2°), and the court that judges it. Environment AUTHORITY_*. */
export interface AuthorityFacts {
  readonly name: string;
  /** One line: « 20 avenue de Ségur, 75007 Paris ». */
  readonly address: string;
  readonly email: string;
  readonly phone: string;
  /** Name and address of the competent administrative court. */
  readonly court: string;
}

export interface OrganizationFacts {
  readonly name: string;
  readonly siren?: string | undefined;
  readonly rna?: string | undefined;
}

export interface ApplicantFacts {
  readonly givenName: string;
  readonly usualName: string;
  readonly email: string;
  /** « Présidente », as declared in the file. */
  readonly capacity?: string | undefined;
}

/** Who signs, and in what capacity (CRPA art. L212-1). OperatorActor fits. */
export interface SignatoryFacts {
  readonly givenName: string;
  readonly usualName: string;
  readonly capacity: string;
  readonly organization: string;
}

export interface ServiceFacts {
  readonly id: string;
  readonly name: string;
  /** Of the declared service: French name, `mailto:` or `https:`. */
  readonly decidedBy?: { readonly name: string; readonly contact?: string | undefined } | undefined;
}

/** In law and in fact (CRPA art. L211-2, L211-5). */
export interface ReasonFacts {
  /** Sentence of the motive, from motives.ts. */
  readonly motive: string;
  /** What the author wrote about this very case. */
  readonly text: string;
  /** The rule: « article L100-3 du code des relations entre le public et l’administration ». */
  readonly rule: string;
}

/** Terms of act.ts fit. */
export interface TermsFacts {
  readonly level: Level;
  readonly ground: Ground;
  readonly conditions: readonly string[];
  readonly startsOn: string;
  readonly endsOn: string;
}

/** What is appealed against, or was decided before: « refus », and its day. */
export interface FormerDecision {
  readonly as:
    | 'refused'
    | 'implicitly_refused'
    | 'suspended'
    | 'abrogated'
    | 'withdrawn_by_authority'
    | 'approved'
    | 'implicitly_accepted'
    | 'closed';
  readonly on: string;
}

/** The adversarial phase (CRPA art. L121-1, L122-1), when there was one. */
export interface AdversarialFacts {
  readonly notifiedOn: string;
  readonly answerBy: string;
  readonly answered: boolean;
}

/** Common to all letters. */
export interface CommonFacts {
  /** D-26-7K3QXWPB. */
  readonly registration: string;
  /** The day of the letter. */
  readonly date: string;
  readonly organization: OrganizationFacts;
  /** Undefined: the administration acted on its own initiative, and writes to the organization itself. */
  readonly applicant?: ApplicantFacts | undefined;
  /** Address of the organization, when nobody has asked and one is known. */
  readonly contact?: string | undefined;
  readonly authority: AuthorityFacts;
  /** Absolute address of the file, for the applicant. */
  readonly fileHref: string;
}

interface Signed {
  readonly author: SignatoryFacts;
  /** Who confirmed, when a second person had to. */
  readonly second?: SignatoryFacts | undefined;
  /** The rules engine told the author whether the policy admits the organization (CRPA art. L311-3-1). */
  readonly automated: boolean;
}

export interface FactsOf {
  receipt: {
    readonly receivedOn: string;
    readonly silence: 'refusal' | 'acceptance';
    /** Last day before silence decides. */
    readonly silenceOn: string;
    readonly services: readonly ServiceFacts[];
    /** What came with the request. */
    readonly evidence: readonly { readonly label: string; readonly name: string }[];
    /** Pieces already known to be missing, and until when (R112-5 3°, L114-5). */
    readonly missing?: { readonly pieces: readonly string[]; readonly until: string } | undefined;
  };
  pieces_asked: {
    readonly author: SignatoryFacts;
    readonly receivedOn: string;
    readonly services: readonly ServiceFacts[];
    /** French names of the kinds of evidence; may be empty when `text` says what is asked. */
    readonly pieces: readonly string[];
    readonly text: string;
    readonly until: string;
    /** The clock stops (L114-5), or the examination goes on (L114-5-1). */
    readonly blocking: boolean;
    readonly silence: 'refusal' | 'acceptance';
  };
  /** The request went to the authority that has to answer it (L114-2). */
  transfer: {
    readonly author: SignatoryFacts;
    readonly receivedOn: string;
    readonly services: readonly ServiceFacts[];
    /** Name and address of that authority. */
    readonly to: string;
    readonly silence: 'refusal' | 'acceptance';
    /** Last day before silence decides; undefined while no clock runs. */
    readonly silenceOn?: string | undefined;
  };
  /** On the administration's own initiative: nobody has asked. */
  grant: {
    readonly author: SignatoryFacts;
    /** Who prepared it, when somebody else decided. */
    readonly preparedBy?: SignatoryFacts | undefined;
    readonly services: readonly { readonly service: ServiceFacts; readonly terms: TermsFacts }[];
    /** Reasons and legal basis. */
    readonly text: string;
  };
  approval: Signed & {
    readonly service: ServiceFacts;
    readonly receivedOn: string;
    readonly terms: TermsFacts;
    readonly text: string;
    /** A refusal, implicit or not, that this approval replaces. */
    readonly replaces?: FormerDecision | undefined;
  };
  refusal: Signed & {
    readonly service: ServiceFacts;
    readonly receivedOn: string;
    readonly reason: ReasonFacts;
    /** A silent refusal that this one replaces. */
    readonly replaces?: FormerDecision | undefined;
  };
  implicit_refusal: {
    readonly services: readonly ServiceFacts[];
    readonly receivedOn: string;
    /** Day on which silence became a refusal. */
    readonly refusedOn: string;
  };
  /** The certificate of art. L232-3. */
  implicit_acceptance: {
    readonly services: readonly ServiceFacts[];
    readonly receivedOn: string;
    readonly acceptedOn: string;
    readonly terms?: TermsFacts | undefined;
  };
  motives: {
    readonly author: SignatoryFacts;
    readonly service: ServiceFacts;
    readonly receivedOn: string;
    readonly refusedOn: string;
    readonly askedOn: string;
    readonly reason: ReasonFacts;
  };
  suspension_notice: {
    readonly author: SignatoryFacts;
    readonly service: ServiceFacts;
    readonly reason: ReasonFacts;
    readonly answerBy: string;
    /** The day of an urgent suspension, when it came first (L121-2 1°): the access is closed already. */
    readonly suspendedSince?: string | undefined;
  };
  /** An operator recorded observations that did not come from the page of the file: the organization hears of it. */
  observations_recorded: {
    readonly service: ServiceFacts;
    readonly receivedOn: string;
    readonly text: string;
    /** Until when it may still write its own. */
    readonly answerBy: string;
  };
  suspension: Signed & {
    readonly service: ServiceFacts;
    readonly reason: ReasonFacts;
    /** Without hearing the organization first (L121-2 1°): it is heard after. */
    readonly urgent: boolean;
    readonly heard?: AdversarialFacts | undefined;
    /** When urgent: until when observations may be sent. */
    readonly answerBy?: string | undefined;
    /** The day of the urgent suspension that this one makes last. */
    readonly suspendedSince?: string | undefined;
  };
  reinstatement: Signed & {
    readonly service: ServiceFacts;
    /** Absent: it was only considered, since `noticedOn`, and the access never closed. */
    readonly suspendedOn?: string | undefined;
    readonly noticedOn?: string | undefined;
    readonly text: string;
    readonly terms?: TermsFacts | undefined;
  };
  abrogation: Signed & {
    readonly service: ServiceFacts;
    /** The approval that ends. */
    readonly approvedOn: string;
    /** A condition is no longer met (L242-2 1°), illegality (L242-1) or fraud (L241-2). */
    readonly because: 'condition' | 'illegal' | 'fraud';
    readonly reason: ReasonFacts;
    readonly heard?: AdversarialFacts | undefined;
  };
  /** By the authority (L242-1, L241-2). */
  withdrawal: Signed & {
    readonly service: ServiceFacts;
    readonly approvedOn: string;
    readonly because: 'illegal' | 'fraud';
    readonly reason: ReasonFacts;
    readonly heard?: AdversarialFacts | undefined;
  };
  appeal_receipt: {
    readonly service: ServiceFacts;
    readonly appealedOn: string;
    readonly against: FormerDecision;
    /** What an operator recorded, when it did not come from the page of the file. */
    readonly recorded?: string | undefined;
    /** Last day before silence rejects the appeal. */
    readonly silenceOn: string;
  };
  appeal_decision: Signed & {
    readonly service: ServiceFacts;
    readonly appealedOn: string;
    readonly against: FormerDecision;
    readonly outcome: 'upheld' | 'reversed';
    readonly text: string;
    readonly rule: string;
    /** When reversed. */
    readonly terms?: TermsFacts | undefined;
  };
  /** The organization gives the right up: it is told that this was received. */
  renunciation: {
    readonly service: ServiceFacts;
    readonly receivedOn: string;
    /** First day without the right. */
    readonly from: string;
    /** What an operator recorded, when it did not come from the page of the file. */
    readonly recorded?: string | undefined;
  };
  /** The register knows the association under a SIREN: what was granted opens. Or no more: it closes. */
  identification: {
    readonly opens: boolean;
    /** The number by which it asked. */
    readonly number: string;
    readonly services: readonly { readonly service: ServiceFacts; readonly terms: TermsFacts }[];
  };
  expiry_reminder: {
    readonly service: ServiceFacts;
    readonly endsOn: string;
    readonly daysLeft: number;
    /** Absolute address that begins a renewal. */
    readonly renewHref: string;
    /** What the rules of the service leave open after that day, as they stand. */
    readonly grace?: { readonly lastDay: string; readonly isLess: boolean } | undefined;
  };
  /** The register says that the organization has ceased, or an operator closed the file. */
  closure: {
    readonly service: ServiceFacts;
    readonly author?: SignatoryFacts | undefined;
    readonly text: string;
  };
}

export type LetterKind = keyof FactsOf;
/** `composeLetter('refusal', facts)` accepts `LetterFacts<'refusal'>` only. */
export type LetterFacts<K extends LetterKind = LetterKind> = CommonFacts & FactsOf[K];

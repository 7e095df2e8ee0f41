/** Of the row of `approval` that a request of a file becomes. */
export const approvalId = (registration: string, service: string): string =>
  `${registration.toLowerCase()}-${service}`;

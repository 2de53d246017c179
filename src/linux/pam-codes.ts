/** The codes of PAM that we tell apart, as Linux-PAM numbers them (_pam_types.h). */
export const PAM = {
  success: 0,
  permissionDenied: 6,
  authenticationFailed: 7,
  authenticationUnavailable: 9,
  userUnknown: 10,
  tooManyTries: 11,
  newPasswordRequired: 12,
  accountExpired: 13,
  conversation: 19,
  passwordExpired: 27,
} as const

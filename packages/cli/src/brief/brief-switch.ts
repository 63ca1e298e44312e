/** Whether supervisors keep briefs fresh: one who wants none of it says `CSA_BRIEF=off`. */
export function isBriefOff(env: NodeJS.ProcessEnv): boolean {
  return env['CSA_BRIEF'] === 'off';
}

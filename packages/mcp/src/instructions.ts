/** What a client tells its model about the tools as a whole. */
export const INSTRUCTIONS: string = [
  'csa runs long commands (builds, tests, deployments, agents) as sessions that outlive this conversation.',
  'Start anything that may take over a minute with session_start; then call session_wait once and let it block: never poll, sleep or loop.',
  'A wait that ends with wait_result "alive" is healthy: call session_wait again. Never start the command again because a wait ended.',
  'wait_result "dead" means that its supervisor is gone and recorded nothing.',
].join(' ');

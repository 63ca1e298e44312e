/**
 * Marks every process of a request that is sent to keep a prefix warm. A fork of a conversation runs the hooks of its
 * agent, and some versions of Claude Code give them the id of the conversation itself.
 */
export const REQUEST_COOKIE = 'CSA_WARM_REQUEST';

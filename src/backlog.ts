/**
 * How many connections may wait to be accepted. Everybody comes back at once after a restart, and whom the system drops
 * tries again seconds later. Linux grants at most `net.core.somaxconn`.
 */
export const BACKLOG = 4_096;

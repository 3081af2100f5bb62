/**
 * Version of everything that client and server say to each other: `domain/wire/`.
 * One line a version, newest last; the wire test fails when a schema changes and this does not.
 *
 * 1  first: events, beats, pull, snapshot, mutations
 * 2  the refusal `busy`: another process holds the database
 * 3  every edit of a quote is a mutation; history tells what an edit changed; hashes of streams; tokens renewed on the socket;
 *    user streams: alerts, settings and the policy of alerts
 */
export const protocolVersion = 3

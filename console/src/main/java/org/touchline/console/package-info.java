/**
 * The operator's page, and the small server that shows it: as a part of the local run, or, signed with the operator's AWS
 * credentials, for a deployed stack. Knows nothing of ours but the API (wire contract §5 and §7).
 */
@org.jspecify.annotations.NullMarked
package org.touchline.console;

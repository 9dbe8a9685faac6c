/**
 * The local run: gateways that read {@code template.yaml}, in front of the real functions, on an embedded store. What listens
 * where, and which settings it takes, is wire contract §6; what the gateways imitate is design §8.
 */
@org.jspecify.annotations.NullMarked
package org.touchline.local;

/** The adapter between Lambda and the domain: events into requests, answers into responses. */
@NullMarked
package org.touchline.lambda;

import org.jspecify.annotations.NullMarked;

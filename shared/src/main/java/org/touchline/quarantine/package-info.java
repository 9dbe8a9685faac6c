/** Authentic payloads that could not be understood, kept until they are replayed or given up (design rule 7). */
@NullMarked
package org.touchline.quarantine;

import org.jspecify.annotations.NullMarked;

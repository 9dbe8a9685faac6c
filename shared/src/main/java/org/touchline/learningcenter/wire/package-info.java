/** The Connect API as it crosses the wire: calls, answers and payloads, and how they are read (wire contract §§1 and 2). */
@NullMarked
package org.touchline.learningcenter.wire;

import org.jspecify.annotations.NullMarked;

/** What is said about speed and scale, as programs that anyone can run: {@code bin/benchmark}. */
@NullMarked
package org.touchline.benchmarks;

import org.jspecify.annotations.NullMarked;

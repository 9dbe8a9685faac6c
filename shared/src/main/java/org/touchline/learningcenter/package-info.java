/**
 * U.S. Soccer's Learning Center: how it spells things, which only this package knows, the calls of its Connect API, and the
 * one session that all functions share.
 */
@NullMarked
package org.touchline.learningcenter;

import org.jspecify.annotations.NullMarked;

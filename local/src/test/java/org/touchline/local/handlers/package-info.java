/** Functions for the tests of the local run. */
@org.jspecify.annotations.NullMarked
package org.touchline.local.handlers;

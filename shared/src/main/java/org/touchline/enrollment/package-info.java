/** Members are put in and taken out, one or many, and what that owes to somebody is asked for in the same transaction. */
@NullMarked
package org.touchline.enrollment;

import org.jspecify.annotations.NullMarked;

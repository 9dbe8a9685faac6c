@org.jspecify.annotations.NullMarked
package org.touchline.embedded.learningcenter;

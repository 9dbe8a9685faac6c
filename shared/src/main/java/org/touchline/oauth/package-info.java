/** OAuth 2.0 with client credentials (RFC 6749): clients, tokens, and the token endpoint. */
@NullMarked
package org.touchline.oauth;

import org.jspecify.annotations.NullMarked;

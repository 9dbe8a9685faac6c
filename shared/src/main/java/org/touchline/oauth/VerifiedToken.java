package org.touchline.oauth;

/**
 * What a token that we issued says.
 *
 * @param client to whom it was issued
 * @param kid the key that it was signed with
 */
record VerifiedToken(OAuthClient client, String kid) {}

package io.sitestream.platform;

/**
 * Who asks. A parameter of this type in a controller is the token's {@code sub} in mode
 * {@code jwt}, and the header {@code Account-Id} (default {@code demo}) in mode
 * {@code open}.
 *
 * @param id the account's id
 */
public record Account(String id) {

}

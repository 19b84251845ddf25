package io.sitestream.platform;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Security.
 *
 * @param mode {@code jwt} needs one of Spring Boot's properties below
 * {@code spring.security.oauth2.resourceserver.jwt}; {@code open} trusts everybody
 */
@ConfigurationProperties("sitestream.security")
public record SecurityProperties(@DefaultValue("jwt") SecurityMode mode) {

}

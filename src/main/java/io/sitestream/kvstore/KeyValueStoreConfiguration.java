package io.sitestream.kvstore;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/**
 * Binds the engine's properties.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(KeyValueStoreProperties.class)
class KeyValueStoreConfiguration {

}
